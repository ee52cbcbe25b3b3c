import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { AuditRecord, Page, Verification } from '../api/types.ts';
import { go, place } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { useNow } from '../lib/time.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { RecordRow } from './record.tsx';
import { Verify } from './verify.tsx';

export function AuditPage() {
  const { search } = useStore(place);
  const run = new URLSearchParams(search).get('run') ?? '';
  const [typed, setTyped] = useState(run);
  const [page, setPage] = useState<Page<AuditRecord> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [verified, setVerified] = useState<Verification | null>(null);
  const now = useNow();

  const load = async (after?: string) => {
    try {
      const next = await api.audit({ run, limit: '50', after });
      setPage((before) => after && before ? { ...next, items: [...before.items, ...next.items] } : next);
      setFailure(null);
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  useEffect(() => {
    setTyped(run);
    setPage(null);
    void load();
  }, [run]);

  return (
    <div class="column wide">
      <h1 tabIndex={-1} data-page-title>Audit</h1>
      <Verify verified={verified} onVerified={setVerified} />
      <form class="start-fields" role="search" onSubmit={(event) => {
        event.preventDefault();
        go('audit', typed.trim() ? `?run=${encodeURIComponent(typed.trim())}` : '', true);
      }}>
        <div class="grow">
          <label for="audit-run">Records of one run</label>
          <input id="audit-run" type="search" value={typed} placeholder="run id" autocomplete="off" spellcheck={false}
            data-testid="audit-run" onInput={(event) => setTyped(event.currentTarget.value)} />
        </div>
        <button type="submit" class="button">Show</button>
      </form>
      {failure && <FailureNotice failure={failure} what="Could not load the records" retry={() => void load()} />}
      {!page && !failure && <p class="muted" role="status">Loading…</p>}
      {page?.items.length === 0 && <p class="muted" data-testid="no-records">No record.</p>}
      {page && page.items.length > 0 && (
        <ul class="records" data-testid="records">
          {page.items.map((record) => (
            <RecordRow key={record.position} record={record} now={now} bad={record.position === verified?.firstBad} />
          ))}
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
