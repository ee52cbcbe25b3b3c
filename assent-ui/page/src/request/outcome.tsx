import { Problem, Unanswered } from '../api/http.ts';
import type { Requirement } from '../api/types.ts';
import { clock } from '../lib/time.ts';
import { Link } from '../ui/link.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { Shown } from '../ui/shown.tsx';
import type { Card, CardModel } from './model.ts';
import { standing } from './standing.ts';

/** Where it stands: decided and by whom, what became of the call, or what stops a decision. */
export function Outcome({ of }: { of: Requirement }) {
  const { tone, title, detail, shows, inDoubt } = standing(of);
  if (of.status === 'PENDING' && of.votes === 0) return null;
  const reason = of.decisions.at(-1)?.reason ?? null;
  const body = shows === 'result' ? of.call?.result : shows === 'error' ? of.call?.error : null;
  return (
    <div tabIndex={-1} data-outcome class="outcome">
      <Notice tone={tone} title={title} testid="outcome">
        {detail && <p>{detail}</p>}
        {of.status !== 'PENDING' && reason && reason.length > 0 && (
          <blockquote data-testid="outcome-reason"><Shown text={reason} /></blockquote>
        )}
        {body && (
          <div class="result">
            <p class="muted small">{shows === 'result' ? 'Result' : 'Error'}</p>
            <pre data-testid="call-outcome"><Shown text={body} /></pre>
          </div>
        )}
        {inDoubt && <p><ReconciliationLink of={of} /></p>}
      </Notice>
    </div>
  );
}

function ReconciliationLink({ of }: { of: Requirement }) {
  const other = of.call?.requirement;
  const known = other && other !== of.id;
  return (
    <Link to={known ? `requirements/${encodeURIComponent(other)}` : ''} data-testid="reconciliation-link"
      search={known ? '' : `?filter=${encodeURIComponent(`kind:reconciliation run:${of.run}`)}`}>
      Say what happened
    </Link>
  );
}

export function Stops({ card, model }: { card: Card; model: CardModel }) {
  const { newer, mismatch, refused, shown } = card;
  return (
    <>
      {mismatch && (
        <Notice tone="bad" title="Stop: what is shown is not what is stored" testid="mismatch" alert>
          <p>
            The digest of this call does not match. Nothing can be decided here. Do not approve it elsewhere either, and
            tell those who run this server.
          </p>
        </Notice>
      )}
      {!mismatch && newer && shown && (
        <Notice tone="warn" title={`Changed while it was open: version ${newer.version} is to be decided now`}
          testid="version-changed">
          <p>You are looking at version {shown.version}. {lastChange(newer)}</p>
          <button type="button" class="button small" onClick={() => showNewer(model)} data-testid="show-newer">
            Show version {newer.version}
          </button>
        </Notice>
      )}
      {!mismatch && refused && <Refusal card={card} model={model} />}
    </>
  );
}

function showNewer(model: CardModel): void {
  model.showNewer();
  // The button is gone: the focus goes to the title of what is shown instead.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.detail h1')?.focus());
}

function lastChange(newer: Requirement): string {
  const last = newer.activity.at(-1);
  if (!last) return '';
  return `Last: ${last.what}${last.by ? ` by ${last.by.name}` : ''}, ${clock(last.at, Date.now())}.`;
}

function Refusal({ card: { refused, newer, shown }, model }: { card: Card; model: CardModel }) {
  if (!refused) return null;
  const { failure, body } = refused;
  const { version: _version, digest: _digest, verdict, ...more } = body;
  const again = shown?.status === 'PENDING' && !newer ? () => void model.decide(verdict, more) : undefined;
  if (failure instanceof Unanswered) {
    return <FailureNotice failure={failure} testid="unanswered"
      what="It is not known whether your decision arrived" {...(again ? { retry: again } : {})} />;
  }
  if (failure instanceof Problem && failure.type === 'already-resolved') {
    return (
      <Notice tone="warn" title="Your decision came too late: it was already decided" testid="too-late" alert>
        <p>Nothing of yours was recorded. How it was decided stands here.</p>
      </Notice>
    );
  }
  // The stop above says it all.
  if (failure instanceof Problem && failure.type === 'stale-version' && newer) return null;
  return <FailureNotice failure={failure} what="Your decision was not recorded" testid="refused" />;
}
