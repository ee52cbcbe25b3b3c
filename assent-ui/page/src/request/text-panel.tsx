import { useEffect, useRef } from 'preact/hooks';
import { parse } from '../lib/json.ts';
import type { Common } from './panels.tsx';
import { escape } from './panels.tsx';
import { lacks } from './why.ts';
import { WhyFields } from './why-fields.tsx';

interface Props extends Common {
  label: string;
  verb: string;
  testid: string;
  kind?: 'primary' | 'bad';
  /** The value may be JSON instead of a text. */
  structured?: boolean;
  /** What the rules want to know beside it. */
  codes?: readonly string[] | null;
  /** Gets JSON text. */
  send: (json: string) => void;
}

/** A text that is given: an answer instead of a call, a result, a replacement. */
export function TextPanel(props: Props) {
  const { draft, source, blocked, guarded, sending, close, label, verb, testid, kind = 'primary', structured = false, codes = null, send } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const asJson = structured && draft.asJson;
  const wrong = asJson ? whyNot(draft.value) : null;
  const missing = draft.value.trim() === '' || wrong !== null
    || (codes !== null && codes.length > 0 && lacks(codes, draft));
  return (
    <form class="panel" aria-label={verb} onKeyDown={escape(close)} onSubmit={(event) => {
      event.preventDefault();
      if (!missing) guarded.press(event, () => send(asJson ? draft.value : JSON.stringify(draft.value)));
    }}>
      <label for="value">{label}</label>
      <textarea id="value" ref={area} rows={4} class={asJson ? 'mono' : undefined} value={draft.value} data-testid="value"
        aria-describedby={wrong ? 'value-wrong' : undefined} aria-invalid={wrong ? true : undefined}
        onInput={(event) => source.update({ value: event.currentTarget.value })} />
      {codes !== null && codes.length > 0 && <WhyFields {...{ codes, draft, source }} withText={false} />}
      {structured && (
        <label class="option">
          <input type="checkbox" checked={draft.asJson} data-testid="as-json"
            onChange={(event) => source.update({ asJson: event.currentTarget.checked })} />
          <span>This is JSON</span>
        </label>
      )}
      {wrong && draft.value.trim() !== '' && <p class="field-error" id="value-wrong" data-testid="value-wrong">{wrong}.</p>}
      <div class="panel-buttons">
        <button type="submit" class={`button ${kind}`} aria-disabled={blocked || missing} data-testid={testid}>
          {sending ? 'Sending…' : verb}
        </button>
        <button type="button" class="button plain" onClick={close} data-testid="cancel-panel">Cancel</button>
      </div>
    </form>
  );
}

function whyNot(text: string): string | null {
  try {
    parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
