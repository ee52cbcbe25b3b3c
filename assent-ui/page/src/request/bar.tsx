import { useRef } from 'preact/hooks';
import type { Requirement, Resolution, Verdict } from '../api/types.ts';
import { useKeys } from '../lib/keys.ts';
import { useStore } from '../lib/store.ts';
import { ApprovePanel, ReasonPanel } from './panels.tsx';
import { draftOf, type Panel } from './drafts.ts';
import type { Guarded } from './guarded.ts';
import type { CardModel } from './model.ts';

interface Props {
  model: CardModel;
  shown: Requirement;
  guarded: Guarded;
  /** Why nobody here can decide now; null when they can. */
  frozen: string | null;
  /** What is shown is not what is stored. */
  stopped: boolean;
  /** How many long values were not opened yet. */
  unread: number;
  sending: Verdict | null;
}

export function DecisionBar({ model, shown, guarded, frozen, stopped, unread, sending }: Props) {
  const source = draftOf(shown.id);
  const draft = useStore(source);
  const approval = shown.kind === 'APPROVAL';
  const off = frozen !== null || sending !== null;
  const blocked = off || guarded.quiet;
  const needsTyping = shown.risk === 'HIGH';

  const bar = useRef<HTMLDivElement>(null);

  const open = (panel: Panel) => {
    if (!off) source.update({ panel });
  };
  const close = () => {
    const opener = draft.panel;
    source.update({ panel: null });
    // The focus was in the panel: it goes back to where it came from.
    requestAnimationFrame(() => bar.current?.querySelector<HTMLElement>(`[data-testid="${opener}"]`)?.focus());
  };
  const send = async (verdict: Verdict, more: Pick<Resolution, 'reason' | 'result' | 'typed'> = {}) => {
    if (off) return;
    const accepted = await model.decide(verdict, more);
    if (!accepted) return;
    source.set({ panel: null, reason: '', result: '', typed: '' });
    document.querySelector<HTMLElement>('[data-outcome]')?.focus();
  };
  const approve = () => {
    if (off || unread > 0) return;
    if (needsTyping) open('approve');
    else void send('APPROVE');
  };

  useKeys(approval && !frozen ? {
    a: (event) => guarded.press(event, approve),
    r: (event) => guarded.press(event, () => open('reject')),
  } : {});

  const button = (label: string, kind: string, testid: string, act: () => void, stop = false) => (
    <button type="button" class={`button ${kind}`} aria-disabled={blocked || stop} data-testid={testid}
      onClick={(event) => guarded.press(event, act)}>
      {label}
    </button>
  );
  const panelProps = { draft, source, blocked, guarded, sending, close };

  return (
    <div ref={bar} class={`bar${guarded.quiet ? ' quiet' : ''}`} role="group" aria-label="Decision" data-testid="bar"
      data-settled={!guarded.quiet}>
      {frozen && <p class={`bar-note${stopped ? ' stopped' : ''}`} data-testid="frozen">{frozen}</p>}
      {!frozen && unread > 0 && (
        <p class="bar-note" data-testid="unread">
          Approving needs the whole: {unread === 1 ? 'one long value is' : `${unread} long values are`} not shown yet.
        </p>
      )}
      {draft.panel === 'approve' && shown.tool && (
        <ApprovePanel {...panelProps} tool={shown.tool} send={(typed) => void send('APPROVE', { typed })} />
      )}
      {draft.panel === 'reject' && (
        <ReasonPanel {...panelProps} title="Reject" verb="Reject" kind="bad" testid="confirm-reject"
          hint="The agent is told this reason."
          send={(reason) => void send('REJECT', reason)} />
      )}
      {draft.panel === 'happened' && (
        <ReasonPanel {...panelProps} title="It happened" verb="It happened" kind="primary" withResult testid="confirm-happened"
          hint="Kept in the audit."
          send={(reason) => void send('HAPPENED', { ...reason, result: draft.result })} />
      )}
      {draft.panel === 'did-not-happen' && (
        <ReasonPanel {...panelProps} title="It did not happen" verb="It did not happen" kind="primary"
          testid="confirm-did-not-happen" hint="The approval is given back: the call may run again."
          send={(reason) => void send('DID_NOT_HAPPEN', reason)} />
      )}
      {draft.panel === 'give-up' && (
        <ReasonPanel {...panelProps} title="Give up" verb="Give up" kind="bad" testid="confirm-give-up"
          hint="The agent is told that the outcome is unknown."
          send={(reason) => void send('GIVE_UP', reason)} />
      )}
      {approval && !draft.panel && (
        <div class="bar-buttons">
          {button(sending === 'APPROVE' ? 'Approving…' : needsTyping ? 'Approve…' : 'Approve', 'primary', 'approve', approve,
            unread > 0)}
          {button('Reject…', 'plain', 'reject', () => open('reject'))}
        </div>
      )}
      {shown.kind === 'RECONCILIATION' && !draft.panel && (
        <div class="bar-buttons">
          {button('It happened…', 'plain', 'happened', () => open('happened'))}
          {button('It did not happen…', 'plain', 'did-not-happen', () => open('did-not-happen'))}
          {button('Give up…', 'plain', 'give-up', () => open('give-up'))}
        </div>
      )}
      {!approval && shown.kind !== 'RECONCILIATION' && (
        <p class="bar-note">This kind cannot be answered on this page.</p>
      )}
    </div>
  );
}
