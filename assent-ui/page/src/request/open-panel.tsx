import type { More, Requirement, Verdict } from '../api/types.ts';
import { Name } from '../ui/shown.tsx';
import { AlwaysPanel } from './always.tsx';
import type { Edit } from './edit.tsx';
import { ApprovePanel, escape, ReasonPanel, type Common } from './panels.tsx';
import { TextPanel } from './text-panel.tsx';
import { lacks, wanted, why } from './why.ts';
import { WhyFields } from './why-fields.tsx';

interface Props extends Common {
  shown: Requirement;
  edit: Edit | null;
  /** Who edits approves in the same act. */
  solo: boolean;
  send: (verdict: Verdict, more: More) => void;
}

/** What the bar shows instead of its buttons once one of them needs more. */
export function OpenPanel({ shown, edit, solo, send, ...props }: Props) {
  switch (props.draft.panel) {
    case null:
      return null;
    case 'approve':
      return shown.tool && (
        <ApprovePanel {...props} tool={shown.tool} typing={shown.risk === 'HIGH'} codes={wanted(shown, 'APPROVE')}
          send={(more) => send('APPROVE', more)} />
      );
    case 'reject':
      return (
        <ReasonPanel {...props} title="Reject" verb="Reject" kind="bad" testid="confirm-reject" hint="The agent is told this reason."
          codes={wanted(shown, 'REJECT')} send={(reason) => send('REJECT', reason)} />
      );
    case 'revoke':
      return (
        <ReasonPanel {...props} title="Revoke the approval" verb="Revoke" kind="bad" testid="confirm-revoke"
          hint="The call does not run, if it has not begun by then. The agent is told this reason." send={(reason) => send('REVOKE', reason)} />
      );
    case 'edit':
      return edit && <EditPanel {...props} shown={shown} edit={edit} solo={solo} send={send} />;
    case 'always':
      return <AlwaysPanel {...props} shown={shown} send={(more) => send('APPROVE', more)} />;
    case 'ask-back':
      return (
        <ReasonPanel {...props} title="Ask the agent" verb="Ask the agent" kind="primary" testid="confirm-ask-back" needed
          hint="What is it to answer, or to change? It gets these words; this stays open meanwhile." send={(reason) => send('ASK_BACK', reason)} />
      );
    case 'respond':
      return (
        <TextPanel {...props} verb="Answer instead" testid="confirm-respond"
          label="The call does not run. The agent gets this as its result:" codes={wanted(shown, 'RESPOND')}
          send={(value) => send('RESPOND', { value, ...codeOnly(wanted(shown, 'RESPOND'), props.draft.reasonCode) })} />
      );
    case 'decline':
      return (
        <ReasonPanel {...props} title="Decline" verb="Decline" kind="bad" testid="confirm-decline" hint="Nobody answers it then."
          send={(reason) => send('DECLINE', reason)} />
      );
    case 'result-of':
      return (
        <TextPanel {...props} verb="Bring the result" testid="confirm-result-of" structured
          label="What came of it: the agent gets this as the call’s result" send={(value) => send('RESULT', { value })} />
      );
    case 'failure':
      return (
        <ReasonPanel {...props} title="It failed" verb="It failed" kind="bad" testid="confirm-failure" hint="The agent is told why."
          send={(reason) => send('FAILURE', reason)} />
      );
    case 'replace':
      return (
        <TextPanel {...props} verb="Replace" testid="confirm-replace" label="This counts instead" send={(value) => send('REPLACE', { value })} />
      );
    case 'changes':
      return (
        <ReasonPanel {...props} title="Ask for changes" verb="Ask for changes" kind="primary" testid="confirm-changes" needed
          hint="What has to be different? The agent gets these words." send={(reason) => send('CHANGES', reason)} />
      );
    case 'happened':
      return (
        <ReasonPanel {...props} title="It happened" verb="It happened" kind="primary" withResult testid="confirm-happened"
          hint="Kept in the audit." send={(reason) => send('HAPPENED', { ...reason, result: props.draft.result })} />
      );
    case 'did-not-happen':
      return (
        <ReasonPanel {...props} title="It did not happen" verb="It did not happen" kind="primary" testid="confirm-did-not-happen"
          hint="The approval is given back: the call may run again." send={(reason) => send('DID_NOT_HAPPEN', reason)} />
      );
    case 'give-up':
      return (
        <ReasonPanel {...props} title="Give up" verb="Give up" kind="bad" testid="confirm-give-up"
          hint="The agent is told that the outcome is unknown." send={(reason) => send('GIVE_UP', reason)} />
      );
  }
}

/** The text is the reason itself; only a code stands beside it. */
function codeOnly(codes: readonly string[] | null, reasonCode: string): { reasonCode?: string } {
  return why(codes, { reason: '', reasonCode });
}

/** The editor itself stands on the card, where there is room. */
function EditPanel({ draft, source, blocked, guarded, sending, close, shown, edit, solo, send }: Props & { edit: Edit }) {
  const approves = solo && shown.risk === 'HIGH';
  // Who edits approves in the same act: for a reason, where the rules want one.
  const codes = solo ? wanted(shown, 'APPROVE') : null;
  const typed = !approves || draft.typed === shown.tool;
  const ready = edit.patch !== null && typed && !lacks(codes, draft);
  const count = edit.found.length === 1 ? '1 change' : `${edit.found.length} changes`;
  return (
    <form class="panel" aria-label="Edit" onKeyDown={escape(close)} onSubmit={(event) => {
      event.preventDefault();
      const { patch } = edit;
      if (ready && patch !== null) guarded.press(event, () => send('EDIT', { patch, ...(codes ? why(codes, draft) : {}), ...(approves ? { typed: draft.typed } : {}) }));
    }}>
      <p class="bar-note">
        {solo ? 'Sending it approves the call as you changed it.' : 'Somebody else has to approve the call as you changed it.'}
      </p>
      {approves && shown.tool && (
        <>
          <label for="typed">High risk. Type <code><Name text={shown.tool} /></code> to approve.</label>
          <input id="typed" autocomplete="off" autocapitalize="off" spellcheck={false} value={draft.typed} data-testid="typed"
            onInput={(event) => source.update({ typed: event.currentTarget.value })} />
        </>
      )}
      <WhyFields {...{ codes, draft, source }} />
      <div class="panel-buttons">
        <button type="submit" class="button primary" aria-disabled={blocked || !ready} data-testid="confirm-edit">
          {sending ? 'Sending…' : edit.patch === null ? 'Nothing is changed yet' : solo ? `Approve with ${count}` : `Send ${count}`}
        </button>
        <button type="button" class="button plain" onClick={close} data-testid="cancel-panel">Cancel</button>
      </div>
    </form>
  );
}
