import { api } from '../api/client.ts';
import type { Mandate } from '../api/types.ts';
import { Link } from '../ui/link.tsx';
import { Records } from '../ui/records.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Clock } from '../ui/time.tsx';
import { GiveForm } from './give.tsx';
import { KINDS, STANDS } from './wish.ts';

/** Who decides for whom: seen, given and revoked. */
export function MandatesPage() {
  return (
    <Records<Mandate>
      title="Mandates"
      about="Who decides with the authority of somebody else, and who broke the glass."
      name="mandates"
      event="mandate"
      above={(reload) => <GiveForm given={reload} />}
      load={(query) => api.mandates(query)}
      row={(mandate, now, act) => (
        <Row
          key={mandate.id}
          mandate={mandate}
          now={now}
          revoke={() => act(() => api.revokeMandate(mandate.id), 'It was revoked: nobody decides by it any more.')}
        />
      )}
    />
  );
}

function Row({ mandate, now, revoke }: { mandate: Mandate; now: number; revoke: () => void }) {
  const { kind, status, giver, holder, begins, ends } = mandate;
  if (mandate.problem !== null || !kind || !status || !giver || !holder || !begins || !ends) {
    return (
      <li class="record" data-testid="mandate" data-id={mandate.id}>
        <p class="bar-note stopped">Nobody decides by this mandate ({mandate.problem}).</p>
      </li>
    );
  }
  return (
    <li class="record" data-testid="mandate" data-id={mandate.id} data-status={status}>
      <p>
        <strong><Name text={holder.name} /></strong>
        {kind === 'BREAK_GLASS' ? ' decides alone, by break-glass' : <> decides with the authority of <strong><Name text={giver.name} /></strong></>}
        {mandate.reason && <>: <Shown text={mandate.reason} /></>}
      </p>
      <p class="muted">
        {KINDS[kind]} · {STANDS[status]} · <Clock at={begins} now={now} /> to <Clock at={ends} now={now} />
        {' · '}{mandate.tools.length === 0 ? 'all tools' : mandate.tools.map((tool, index) => <span key={tool}>{index > 0 && ', '}<Name text={tool} /></span>)}
        {mandate.highest && mandate.highest !== 'HIGH' && <> up to {mandate.highest.toLowerCase()} risk</>}
        {mandate.givenBy && mandate.givenBy.id !== giver.id && <>{' · set up by '}<Name text={mandate.givenBy.name} /></>}
        {mandate.revokedBy && <>{' · by '}<Name text={mandate.revokedBy.name} /></>}
        {mandate.requirement && <>{' · '}<Link to={`requirements/${encodeURIComponent(mandate.requirement)}`}>only this one</Link></>}
      </p>
      {mandate.mayRevoke && status !== 'REVOKED' && (
        <button type="button" class="button small" onClick={revoke} data-testid="end-mandate">Revoke</button>
      )}
    </li>
  );
}
