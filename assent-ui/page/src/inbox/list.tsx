import { useEffect, useRef, useState } from 'preact/hooks';
import { health } from '../lib/health.ts';
import { useKeys } from '../lib/keys.ts';
import { isDefault, parseFilter, withToken } from '../lib/query.ts';
import { go, place } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { span, useNow } from '../lib/time.ts';
import { Missing } from '../ui/missing.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { EmptyInbox, NoMatch, Skeleton } from './empty.tsx';
import { inbox, keepInbox, load, more } from './model.ts';
import { InboxRow } from './row.tsx';

/** The text of the filter lives in the address, so that a link or a reload keeps it. */
function textOf(search: string): string {
  return new URLSearchParams(search).get('filter') ?? '';
}

export function InboxList({ openId }: { openId: string | null }) {
  const { search } = useStore(place);
  const list = useStore(inbox);
  const { reachable } = useStore(health);
  const now = useNow();
  const text = textOf(search);
  const searchField = useRef<HTMLInputElement>(null);
  const listElement = useRef<HTMLUListElement>(null);

  useEffect(() => keepInbox(), []);
  useEffect(() => {
    if (list.text !== text || list.phase === 'loading') void load(text);
  }, [text]);

  const move = (step: number) => moveFocus(listElement.current, openId, step);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    o: () => focusedRow()?.click(),
    '/': () => searchField.current?.select(),
  });

  const filter = parseFilter(text);
  const waiting = list.rows.length;
  return (
    <section class="list" aria-label="Inbox">
      <header class="list-head">
        <h1 class="list-title" tabIndex={-1} data-page-title>
          Inbox
          {list.phase === 'ready' && (
            <span class="count" data-testid="total">
              {list.total.toLocaleString('en')}
              <span class="sr">{list.total === 1 ? ' requirement' : ' requirements'}</span>
            </span>
          )}
        </h1>
        <Views text={text} />
      </header>
      <SearchField text={text} field={searchField} />
      {list.fresh > 0 && (
        <div class="pill-place">
          <button type="button" class="pill" onClick={() => void load(text)} data-testid="new-pill">
            {list.fresh} new
          </button>
        </div>
      )}
      {list.failure && list.phase === 'ready' && reachable && (
        <FailureNotice failure={list.failure} testid="list-stale"
          what={`Could not renew the list. It is ${span(now - list.loadedAt)} old.`} retry={() => void load(text)} />
      )}
      {list.phase === 'failed' && list.failure && (
        <FailureNotice failure={list.failure} testid="list-failed"
          what="Could not load the inbox. There may be requirements that wait for you." retry={() => void load(text)} />
      )}
      {list.phase === 'loading' && <Skeleton />}
      <Missing unreadable={list.unreadable} />
      {list.phase === 'ready' && waiting === 0 && !list.failure && list.unreadable.length === 0 &&
        (isDefault(filter) ? <EmptyInbox /> : <NoMatch text={text} />)}
      {waiting > 0 && (
        <ul class="rows" ref={listElement} data-testid="rows">
          {list.rows.map((row) => (
            <InboxRow key={row.summary.id} row={row} open={row.summary.id === openId} search={search} now={now} />
          ))}
        </ul>
      )}
      {list.next && (
        <div class="more">
          <span class="muted">
            {waiting.toLocaleString('en')} of {list.total.toLocaleString('en')} shown
          </span>
          <button type="button" class="button small" onClick={() => void more()} disabled={list.loadingMore}
            data-testid="load-more">
            {list.loadingMore ? 'Loading…' : 'Load more'}
          </button>
        </div>
      )}
    </section>
  );
}

function SearchField({ text, field }: { text: string; field: { current: HTMLInputElement | null } }) {
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setTyped(text), [text]);
  const apply = (value: string) => go(place.get().route.page === 'request' ? currentPath() : '',
    value.trim() ? `?filter=${encodeURIComponent(value)}` : '', true);
  return (
    <div class="search" role="search">
      <label class="sr" for="filter">
        Filter: tool: agent: risk: run: kind: status: or free text
      </label>
      <input id="filter" ref={field} type="search" autocomplete="off" spellcheck={false} value={typed}
        placeholder="Filter: tool: agent: risk: run: or text" data-testid="filter"
        onInput={(event) => {
          const { value } = event.currentTarget;
          setTyped(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => apply(value), 250);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }} />
    </div>
  );
}

function currentPath(): string {
  const { route } = place.get();
  return route.page === 'request' ? `requirements/${encodeURIComponent(route.id)}` : '';
}

const VIEWS: [string, string][] = [['Waiting', ''], ['All', 'any']];

function Views({ text }: { text: string }) {
  const status = parseFilter(text)['status'];
  return (
    <div class="views" role="group" aria-label="View">
      {VIEWS.map(([name, value]) => {
        const chosen = value === '' ? status === 'PENDING' : status === undefined;
        const next = withToken(text, 'status', value);
        return (
          <button key={name} type="button" class="view" aria-pressed={chosen} data-testid={`view-${name.toLowerCase()}`}
            onClick={() => go(currentPath(), next ? `?filter=${encodeURIComponent(next)}` : '', true)}>
            {name}
          </button>
        );
      })}
    </div>
  );
}

function focusedRow(): HTMLAnchorElement | null {
  return document.activeElement?.closest<HTMLAnchorElement>('a[data-row]') ?? null;
}

/** From the row that has the focus, else from the open one, else to the first. */
function moveFocus(list: HTMLElement | null, openId: string | null, step: number): void {
  const links = [...(list?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
  const from = links.findIndex((link) => link === focusedRow());
  const start = from >= 0 ? from : links.findIndex((link) => link.dataset['row'] === openId);
  const to = start < 0 ? 0 : Math.min(links.length - 1, Math.max(0, start + step));
  links[to]?.focus();
}
