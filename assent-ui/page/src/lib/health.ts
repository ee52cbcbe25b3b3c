import { store } from './store.ts';

/** Whether the server answers, and since when what is on the screen is known to be true. */
export interface Health {
  reachable: boolean;
  live: boolean;
  lastAnswer: number;
}

export const health = store<Health>({ reachable: true, live: false, lastAnswer: Date.now() });

export function answered(): void {
  const before = health.get();
  // One render per second is enough for an age in words.
  if (before.reachable && Date.now() - before.lastAnswer < 1000) return;
  health.set({ ...before, reachable: true, lastAnswer: Date.now() });
}

export function unreachable(): void {
  if (health.get().reachable) health.update({ reachable: false });
}

export function liveIs(live: boolean): void {
  if (health.get().live !== live) health.update({ live });
}
