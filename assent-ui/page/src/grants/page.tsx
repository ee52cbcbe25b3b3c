import { api } from '../api/client.ts';
import type { Grant } from '../api/types.ts';
import { Link } from '../ui/link.tsx';
import { Records } from '../ui/records.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago, Due } from '../ui/time.tsx';

const STATUS = { LIVE: 'in force', USED_UP: 'used up', EXPIRED: 'over', REVOKED: 'revoked' } as const;

/** Standing permissions: what they allow, how long still, and who takes them back. */
export function GrantsPage() {
  return (
    <Records<Grant>
      title="Grants"
      about="What people allowed without being asked again, beside an approval."
      name="grants"
      load={(query) => api.grants(query)}
      row={(grant, now, act) => (
        <GrantRow
          key={grant.id}
          grant={grant}
          now={now}
          revoke={() => act(() => api.revoke(grant.id), 'It was revoked: nothing begins on it any more.')}
        />
      )}
    />
  );
}

function GrantRow({ grant, now, revoke }: { grant: Grant; now: number; revoke: () => void }) {
  if (grant.problem !== null || grant.text === null) {
    return (
      <li class="record" data-testid="grant" data-id={grant.id}>
        <p class="bar-note stopped">
          <Name text={grant.tool} />: nothing runs on this grant ({grant.problem}).
        </p>
      </li>
    );
  }
  return (
    <li class="record" data-testid="grant" data-id={grant.id} data-status={grant.status}>
      <p><Shown text={grant.text} /></p>
      <p class="muted">
        {grant.by && <><Name text={grant.by.name} />, </>}
        {grant.createdAt && <Ago at={grant.createdAt} now={now} />}
        {' · '}{grant.status ? STATUS[grant.status] : ''}
        {grant.status === 'LIVE' && grant.until && <>, <Due at={grant.until} now={now} /></>}
        {' · used '}{grant.used}{grant.uses === null ? '' : ` of ${grant.uses}`}
        {grant.budget && <>{' · '}{grant.budget.spent} of {grant.budget.most} <Name text={grant.budget.argument} /></>}
        {grant.revokedBy && <>{' · revoked by '}<Name text={grant.revokedBy.name} /></>}
        {grant.requirement && <>{' · '}<Link to={`requirements/${encodeURIComponent(grant.requirement)}`}>its approval</Link></>}
      </p>
      {grant.mayRevoke && (
        <button type="button" class="button small" onClick={revoke} data-testid="revoke">Revoke</button>
      )}
    </li>
  );
}
