import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Grant, Page } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { useNow } from '../lib/time.ts';
import { Link } from '../ui/link.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago, Due } from '../ui/time.tsx';

const STATUS = { LIVE: 'in force', USED_UP: 'used up', EXPIRED: 'over', REVOKED: 'revoked' } as const;

/** Standing permissions: what they allow, how long still, and who takes them back. */
export function GrantsPage() {
  const [live, setLive] = useState(true);
  const [page, setPage] = useState<Page<Grant> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const now = useNow();

  const load = async (after?: string) => {
    try {
      const next = await api.grants({ live: live ? 'true' : undefined, limit: '50', after });
      setPage((before) => after && before ? { ...next, items: [...before.items, ...next.items] } : next);
      setFailure(null);
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  const revoke = async (grant: Grant) => {
    try {
      const after = await api.revoke(grant.id);
      setPage((before) => before && { ...before, items: before.items.map((each) => each.id === after.id ? after : each) });
      announce('It was revoked: nothing begins on it any more.');
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  useEffect(() => {
    setPage(null);
    void load();
  }, [live]);

  return (
    <div class="column wide">
      <h1 tabIndex={-1} data-page-title>Grants</h1>
      <p class="muted">What people allowed without being asked again, beside an approval.</p>
      <label class="check">
        <input type="checkbox" checked={!live} data-testid="grants-all" onChange={(event) => setLive(!event.currentTarget.checked)} />
        {' '}also those that are over
      </label>
      {failure && <FailureNotice failure={failure} what="Could not do that" retry={() => void load()} />}
      {!page && !failure && <p class="muted" role="status">Loading…</p>}
      {page?.items.length === 0 && <p class="muted" data-testid="no-grants">None.</p>}
      {page && page.items.length > 0 && (
        <ul class="records" data-testid="grants">
          {page.items.map((grant) => <GrantRow key={grant.id} grant={grant} now={now} revoke={() => void revoke(grant)} />)}
        </ul>
      )}
      {page?.next && (
        <div class="more">
          <button type="button" class="button small" onClick={() => void load(page.next ?? undefined)} data-testid="load-more">
            Load more
          </button>
        </div>
      )}
    </div>
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
