import { api } from '../api/client.ts';
import { Problem, type Failure } from '../api/http.ts';
import type { Page, Summary, Unreadable } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { parseFilter } from '../lib/query.ts';
import { store } from '../lib/store.ts';
import { throttle } from '../lib/throttle.ts';

export interface Row {
  summary: Summary;
  /** It no longer belongs to what was asked for, but stays where it is until the list is renewed. */
  gone: boolean;
}

export interface Inbox {
  text: string;
  phase: 'loading' | 'ready' | 'failed';
  rows: Row[];
  next: string | null;
  total: number;
  /** What could not be read; an empty list with such is not an empty inbox. */
  unreadable: readonly Unreadable[];
  /** How many came since the list was loaded. */
  fresh: number;
  loadedAt: number;
  /** Why the list could not be loaded or renewed. */
  failure: Failure | null;
  loadingMore: boolean;
}

const PAGE = 50;
const EVERY_MILLISECONDS = 500;
const LOOK_UP_AT_MOST = 10;

export const inbox = store<Inbox>(blank(''));
const touched = new Set<string>();
let turn = 0;

function blank(text: string): Inbox {
  return {
    text, phase: 'loading', rows: [], next: null, total: 0, unreadable: [], fresh: 0, loadedAt: 0, failure: null, loadingMore: false,
  };
}

/** Forgets everything, for instance since another person logs in. */
export function forgetInbox(): void {
  turn += 1;
  inbox.set(blank(''));
}

/** Loads the list from its beginning. What is on the screen stays until the answer is there. */
export async function load(text: string): Promise<void> {
  const mine = ++turn;
  const same = inbox.get().text === text && inbox.get().phase === 'ready';
  inbox.set(same ? { ...inbox.get(), failure: null } : blank(text));
  touched.clear();
  try {
    const page = await api.requirements({ ...parseFilter(text), limit: String(PAGE) });
    if (mine !== turn) return;
    replace(page);
  } catch (error) {
    if (mine !== turn) return;
    inbox.update({ phase: same ? 'ready' : 'failed', failure: error as Failure });
  }
}

function replace(page: Page<Summary>): void {
  inbox.update({
    phase: 'ready',
    rows: page.items.map((summary) => ({ summary, gone: false })),
    next: page.next,
    total: page.total ?? page.items.length,
    unreadable: page.unreadable ?? [],
    fresh: 0,
    loadedAt: Date.now(),
    failure: null,
    loadingMore: false,
  });
}

export async function more(): Promise<void> {
  const { next, text, loadingMore } = inbox.get();
  if (!next || loadingMore) return;
  const mine = turn;
  inbox.update({ loadingMore: true });
  try {
    const page = await api.requirements({ ...parseFilter(text), limit: String(PAGE), after: next });
    if (mine !== turn) return;
    const { rows } = inbox.get();
    const known = new Set(rows.map((row) => row.summary.id));
    const added = page.items.filter((item) => !known.has(item.id)).map((summary) => ({ summary, gone: false }));
    inbox.update({
      rows: [...rows, ...added], next: page.next, total: page.total ?? inbox.get().total, unreadable: [...inbox.get().unreadable, ...page.unreadable ?? []], failure: null, loadingMore: false,
    });
  } catch (error) {
    if (mine === turn) inbox.update({ loadingMore: false, failure: error as Failure });
  }
}

/** Asks again in the background: rows change where they are, new ones are only counted. */
async function renew(): Promise<void> {
  const before = inbox.get();
  if (before.phase === 'failed') return load(before.text);
  if (before.phase !== 'ready') return;
  const mine = turn;
  try {
    const limit = Math.min(200, Math.max(PAGE, before.rows.length));
    const page = await api.requirements({ ...parseFilter(before.text), limit: String(limit) });
    if (mine !== turn) return;
    if (before.rows.length === 0) return replace(page);
    await merge(page, mine);
  } catch (error) {
    if (mine === turn) inbox.update({ failure: error as Failure });
  }
}

async function merge(page: Page<Summary>, mine: number): Promise<void> {
  const now = inbox.get();
  const current = new Map(page.items.map((item) => [item.id, item]));
  const missing = now.rows.filter((row) => !row.gone && !current.has(row.summary.id));
  const suspects = missing.filter((row) => page.next === null || touched.has(row.summary.id));
  const closed = await lookUp(suspects.map((row) => row.summary));
  if (mine !== turn) return;

  const rows = inbox.get().rows.map((row): Row => {
    const { id } = row.summary;
    const changed = current.get(id);
    if (changed) return { summary: changed, gone: false };
    const end = closed.get(id);
    return end ? { summary: end, gone: true } : row;
  });
  const known = new Set(rows.map((row) => row.summary.id));
  const unknown = page.items.filter((item) => !known.has(item.id));
  // With more than a page, unknown ones may only have moved up: then an event must have named them.
  const fresh = now.next === null ? unknown.length : unknown.filter((item) => touched.has(item.id)).length;
  if (fresh > now.fresh) announce(`${fresh} new`);
  inbox.update({ rows, fresh, total: page.total ?? now.total, unreadable: page.unreadable ?? [], loadedAt: Date.now(), failure: null });
}

async function lookUp(rows: Summary[]): Promise<Map<string, Summary>> {
  const found = new Map<string, Summary>();
  await Promise.all(
    rows.map(async (row, index) => {
      if (index >= LOOK_UP_AT_MOST) return void found.set(row.id, row);
      try {
        found.set(row.id, await api.requirement(row.id));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) found.set(row.id, row);
      }
    }),
  );
  return found;
}

/** Keeps the list true while somebody looks at it; returns how to stop. */
export function keepInbox(): () => void {
  const soon = throttle(() => void renew(), EVERY_MILLISECONDS);
  const seen = () => {
    if (document.visibilityState === 'visible') soon();
  };
  const timer = setInterval(seen, 60_000);
  document.addEventListener('visibilitychange', seen);
  const stops = [
    onReconnect(soon),
    onLive((event) => {
      if (event.kind !== 'requirement') return;
      touched.add(event.id);
      soon();
    }),
  ];
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
    soon.cancel();
    for (const stop of stops) stop();
  };
}
