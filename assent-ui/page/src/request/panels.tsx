import { useEffect, useRef } from 'preact/hooks';
import type { Verdict } from '../api/types.ts';
import type { Store } from '../lib/store.ts';
import { Name } from '../ui/shown.tsx';
import type { Draft } from './drafts.ts';
import type { Guarded } from './guarded.ts';
import { lacks, why } from './why.ts';
import { WhyFields } from './why-fields.tsx';

export interface Common {
  draft: Draft;
  source: Store<Draft>;
  blocked: boolean;
  guarded: Guarded;
  sending: Verdict | null;
  close: () => void;
}

interface ApproveProps extends Common {
  tool: string;
  /** High risk: the tool's name is typed before the button does anything. */
  typing: boolean;
  codes: readonly string[] | null;
  send: (more: { typed?: string; reason?: string; reasonCode?: string }) => void;
}

/** A yes that needs more than a click. */
export function ApprovePanel({ draft, source, blocked, guarded, sending, close, tool, typing, codes, send }: ApproveProps) {
  const field = useFocus<HTMLInputElement>();
  const matches = (!typing || draft.typed === tool) && !lacks(codes, draft);
  return (
    <form class="panel" onSubmit={(event) => {
      event.preventDefault();
      if (matches) guarded.press(event, () => send({ ...(codes ? why(codes, draft) : {}), ...(typing ? { typed: draft.typed } : {}) }));
    }} onKeyDown={escape(close)}>
      {typing && (
        <>
          <label for="typed">
            High risk. Type <code><Name text={tool} /></code> to approve.
          </label>
          <input id="typed" ref={field} autocomplete="off" autocapitalize="off" spellcheck={false} value={draft.typed}
            data-testid="typed" onInput={(event) => source.update({ typed: event.currentTarget.value })} />
        </>
      )}
      <WhyFields {...{ codes, draft, source }} />
      <div class="panel-buttons">
        <button type="submit" class="button primary" aria-disabled={blocked || !matches} data-testid="confirm-approve">
          <span>{sending ? 'Approving…' : <>Approve <Name text={tool} /></>}</span>
        </button>
        <button type="button" class="button plain" onClick={close} data-testid="cancel-panel">Cancel</button>
      </div>
    </form>
  );
}

interface ReasonProps extends Common {
  title: string;
  verb: string;
  hint: string;
  kind: 'bad' | 'primary';
  testid: string;
  withResult?: boolean;
  /** The reason is what it is about, so it cannot be left out. */
  needed?: boolean;
  /** What the rules want to know; the text is then optional unless there are no codes. */
  codes?: readonly string[] | null;
  send: (reason: { reason?: string; reasonCode?: string }) => void;
}

export function ReasonPanel(props: ReasonProps) {
  const { draft, source, blocked, guarded, sending, close, title, verb, hint, kind, testid, withResult = false, codes = null } = props;
  const needed = props.needed === true || codes?.length === 0;
  const first = useFocus<HTMLTextAreaElement>();
  const missing = (withResult && draft.result.trim() === '') || (needed && draft.reason.trim() === '') || lacks(codes, draft);
  return (
    <form class="panel" aria-label={title} onKeyDown={escape(close)} onSubmit={(event) => {
      event.preventDefault();
      if (!missing) guarded.press(event, () => props.send(why(codes, draft)));
    }}>
      {withResult && (
        <>
          <label for="result">What came of it: the agent gets this as the call’s result</label>
          <textarea id="result" ref={first} rows={3} value={draft.result} required data-testid="result"
            onInput={(event) => source.update({ result: event.currentTarget.value })} />
        </>
      )}
      <WhyFields {...{ codes, draft, source }} withText={false} />
      <label for="reason">
        {needed ? hint : <>Reason <span class="muted">optional. {hint}</span></>}
      </label>
      <textarea id="reason" ref={withResult ? null : first} rows={2} value={draft.reason} data-testid="reason"
        onInput={(event) => source.update({ reason: event.currentTarget.value })} />
      <div class="panel-buttons">
        <button type="submit" class={`button ${kind}`} aria-disabled={blocked || missing} data-testid={testid}>
          {sending ? 'Sending…' : verb}
        </button>
        <button type="button" class="button plain" onClick={close} data-testid="cancel-panel">Cancel</button>
      </div>
    </form>
  );
}

/** A panel opens because somebody asked for it: only then does the focus move. */
function useFocus<T extends HTMLElement>() {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}

export function escape(close: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  };
}
