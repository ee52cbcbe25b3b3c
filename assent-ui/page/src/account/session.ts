import { api } from '../api/client.ts';
import { Problem, watchProblems, type Failure } from '../api/http.ts';
import type { Me } from '../api/types.ts';
import { forgetInbox } from '../inbox/model.ts';
import { health } from '../lib/health.ts';
import { refetch, startLive, stopLive } from '../lib/live.ts';
import { store } from '../lib/store.ts';
import { forgetDrafts } from '../request/drafts.ts';

export type Session =
  | { phase: 'asking' }
  | { phase: 'unknown'; failure: Failure }
  | { phase: 'out'; expired: boolean }
  | { phase: 'in'; me: Me };

export const session = store<Session>({ phase: 'asking' });
let lastPerson: string | null = null;

export async function askWho(): Promise<void> {
  try {
    enter(await api.me());
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return leave();
    session.set({ phase: 'unknown', failure: error as Failure });
  }
}

export function enter(me: Me): void {
  if (lastPerson !== null && lastPerson !== me.principal.id) {
    forgetInbox();
    forgetDrafts();
  }
  lastPerson = me.principal.id;
  session.set({ phase: 'in', me });
  if (me.mustChangePassword) stopLive();
  else startLive(() => void checkAgain());
}

function leave(): void {
  const before = session.get();
  stopLive();
  session.set({ phase: 'out', expired: before.phase === 'in' });
}

export async function logout(): Promise<void> {
  await api.logout().catch(() => undefined);
  forgetInbox();
  forgetDrafts();
  stopLive();
  session.set({ phase: 'out', expired: false });
}

/** After the live connection was refused, or while the server is away: one cheap question. */
async function checkAgain(): Promise<boolean> {
  try {
    await api.me();
    return true;
  } catch {
    return false;
  }
}

export function startSession(): void {
  watchProblems((problem) => {
    const now = session.get();
    if (now.phase !== 'in') return;
    if (problem.status === 401) leave();
    if (problem.type === 'password-change-required') session.set({ phase: 'in', me: { ...now.me, mustChangePassword: true } });
  });
  let away = false;
  health.watch(() => {
    const { reachable } = health.get();
    if (away && reachable && session.get().phase === 'in') refetch();
    away = !reachable;
  });
  setInterval(() => {
    const { phase } = session.get();
    if (health.get().reachable) return;
    if (phase === 'in') void checkAgain();
    else if (phase === 'unknown') void askWho();
  }, 3_000);
  void askWho();
}
