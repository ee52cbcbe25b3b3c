import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../api/http.ts';
import type { Page } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { useNow } from '../lib/time.ts';
import { FailureNotice } from './notice.tsx';

interface Shown<T> {
  title: string;
  about: string;
  /** Of the test ids, and in the ones of its rows. */
  name: string;
  /** The kind of event that tells of a change; without one it is loaded once. */
  event?: string;
  /** What stands above the list; it is given how to have the list loaded anew. */
  above?: (reload: () => void) => ComponentChildren;
  load: (query: { live: string | undefined; limit: string; after: string | undefined }) => Promise<Page<T>>;
  /** A row, with how to do something to it: what it is then, and what is announced. */
  row: (item: T, now: number, act: (change: () => Promise<T>, said: string) => void) => ComponentChildren;
}

/** A page of what people allowed or gave: what holds now, and on request what is over. */
export function Records<T extends { id: string }>({ title, about, name, event, above, load, row }: Shown<T>) {
  const [live, setLive] = useState(true);
  const [page, setPage] = useState<Page<T> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const now = useNow();

  const reload = async (after?: string) => {
    try {
      const next = await load({ live: live ? 'true' : undefined, limit: '50', after });
      setPage((before) => after && before ? { ...next, items: [...before.items, ...next.items] } : next);
      setFailure(null);
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  const act = async (change: () => Promise<T>, said: string) => {
    try {
      const after = await change();
      setPage((before) => before && { ...before, items: before.items.map((each) => each.id === after.id ? after : each) });
      announce(said);
      if (event) await reload();
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  useEffect(() => {
    setPage(null);
    void reload();
    if (!event) return undefined;
    const stops = [onReconnect(() => void reload()), onLive((change) => { if (change.kind === event) void reload(); })];
    return () => stops.forEach((stop) => stop());
  }, [live]);

  return (
    <div class="column wide">
      <h1 tabIndex={-1} data-page-title>{title}</h1>
      <p class="muted">{about}</p>
      {above?.(() => void reload())}
      <label class="check">
        <input type="checkbox" checked={!live} data-testid={`${name}-all`} onChange={(change) => setLive(!change.currentTarget.checked)} />
        {' '}also those that are over
      </label>
      {failure && <FailureNotice failure={failure} what="Could not do that" retry={() => void reload()} />}
      {!page && !failure && <p class="muted" role="status">Loading…</p>}
      {page?.items.length === 0 && <p class="muted" data-testid={`no-${name}`}>None.</p>}
      {page && page.items.length > 0 && (
        <ul class="records" data-testid={name}>
          {page.items.map((item) => row(item, now, (change, said) => void act(change, said)))}
        </ul>
      )}
      {page?.next && (
        <div class="more">
          <button type="button" class="button small" onClick={() => void reload(page.next ?? undefined)} data-testid="load-more">
            Load more
          </button>
        </div>
      )}
    </div>
  );
}
