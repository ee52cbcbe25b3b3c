import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Page, Run } from '../api/types.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { throttle } from '../lib/throttle.ts';
import { useNow } from '../lib/time.ts';
import { RunChip } from '../ui/chips.tsx';
import { Link } from '../ui/link.tsx';
import { Missing } from '../ui/missing.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Name } from '../ui/shown.tsx';
import { Ago } from '../ui/time.tsx';
import { StartRun } from './start.tsx';

export function RunsPage() {
  const [page, setPage] = useState<Page<Run> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const now = useNow();

  const load = async (after?: string) => {
    try {
      const next = await api.runs({ limit: '50', after });
      setPage((before) => after && before ? { ...next, items: [...before.items, ...next.items], unreadable: [...before.unreadable ?? [], ...next.unreadable ?? []] } : next);
      setFailure(null);
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  useEffect(() => {
    const soon = throttle(() => void load(), 500);
    soon();
    const stops = [onReconnect(soon), onLive((event) => event.kind === 'run' && soon())];
    return () => {
      soon.cancel();
      for (const stop of stops) stop();
    };
  }, []);

  return (
    <div class="column">
      <h1 tabIndex={-1} data-page-title>Runs</h1>
      <StartRun />
      {failure && <FailureNotice failure={failure} what="Could not load the runs" retry={() => void load()} />}
      {!page && !failure && <p class="muted" role="status">Loading…</p>}
      <Missing unreadable={page?.unreadable} />
      {page?.items.length === 0 && !page.unreadable && <p class="empty-title">No run yet</p>}
      {page && page.items.length > 0 && (
        <ul class="cards" data-testid="runs">
          {page.items.map((run) => (
            <li key={run.id} data-testid="run-row" data-id={run.id}>
              <Link to={`runs/${encodeURIComponent(run.id)}`} class="card-link">
                <RunChip status={run.status} />
                <span class="grow"><Name text={run.agent} /> <code><Name text={run.id} /></code></span>
                {run.noWorker && <span class="tag warn">no worker</span>}
                {run.waitsFor.length > 0 && <span class="tag">waits for {run.waitsFor.length}</span>}
                <span class="muted"><Ago at={run.updatedAt} now={now} /></span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {page?.next && (
        <div class="more">
          <button type="button" class="button small" onClick={() => void load(page.next ?? undefined)}>Load more</button>
        </div>
      )}
    </div>
  );
}
