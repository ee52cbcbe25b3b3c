import { api } from '../api/client.ts';
import { newKey, Problem, Unanswered, type Failure } from '../api/http.ts';
import type { More, Requirement, Resolution, Verdict } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { store, type Store } from '../lib/store.ts';
import { throttle } from '../lib/throttle.ts';
import { outcomeWords } from './standing.ts';

export interface Card {
  phase: 'loading' | 'ready' | 'failed';
  /** What is on the screen. Never replaced by another version without a person asking. */
  shown: Requirement | null;
  /** Another version is to be decided now; the shown one cannot be any more. */
  newer: Requirement | null;
  /** What was shown is not what is stored: a red stop. */
  mismatch: boolean;
  /** Why it could not be loaded or renewed. */
  failure: Failure | null;
  sending: Verdict | null;
  /** The last decision that was not accepted, and why. */
  refused: { body: Resolution; failure: Failure } | null;
  fetchedAt: number;
}

const EVERY_MILLISECONDS = 250;

/** One click's key: kept until the server gave a definite answer, so that a retry cannot vote twice. */
const keys = new Map<string, string>();

export interface CardModel {
  state: Store<Card>;
  load(): Promise<void>;
  /** Puts the newer version on the screen. */
  showNewer(): void;
  decide(verdict: Verdict, more?: More): Promise<boolean>;
  /** Sees to it for a while, or gives it back. */
  claim(mine: boolean): Promise<void>;
  dismissRefusal(): void;
  keep(): () => void;
}

export function cardModel(id: string): CardModel {
  const state = store<Card>({
    phase: 'loading', shown: null, newer: null, mismatch: false, failure: null, sending: null, refused: null, fetchedAt: 0,
  });
  let turn = 0;

  function accept(next: Requirement): void {
    const { shown, mismatch } = state.get();
    const common = { phase: 'ready', failure: null, fetchedAt: Date.now() } as const;
    if (!shown) return state.update({ ...common, shown: next });
    if (next.version !== shown.version) {
      if (!state.get().newer) announce('This was changed while it was open. Nothing can be decided on what is shown.');
      return state.update({ ...common, newer: next });
    }
    const differs = next.digest !== shown.digest || next.arguments?.canonical !== shown.arguments?.canonical;
    if (differs || mismatch) {
      if (!mismatch) announce('Stop: what is shown is not what is stored.');
      return state.update({ ...common, mismatch: true });
    }
    if (shown.status === 'PENDING' && next.status !== 'PENDING') announce(outcomeWords(next));
    state.update({ ...common, shown: next });
  }

  async function load(): Promise<void> {
    const mine = ++turn;
    try {
      const next = await api.requirement(id);
      if (mine === turn) accept(next);
    } catch (error) {
      if (mine !== turn) return;
      const { shown } = state.get();
      state.update({ phase: shown ? 'ready' : 'failed', failure: error as Failure });
    }
  }

  async function decide(verdict: Verdict, more: More = {}): Promise<boolean> {
    const { shown, sending } = state.get();
    if (!shown || sending) return false;
    const body: Resolution = { version: shown.version, digest: shown.digest, verdict, ...more };
    const click = `${id} ${JSON.stringify(body)}`;
    const key = keys.get(click) ?? newKey();
    keys.set(click, key);
    state.update({ sending: verdict, refused: null });
    try {
      const next = await api.resolve(id, body, key);
      keys.delete(click);
      turn += 1;
      // One's own edit is no surprise: the version that it made is shown at once.
      state.update({ sending: null, ...(verdict === 'EDIT' ? { shown: next, newer: null } : {}) });
      accept(next);
      return true;
    } catch (error) {
      const failure = error as Failure;
      if (failure instanceof Problem && failure.status < 500) keys.delete(click);
      const mismatch = state.get().mismatch || (failure instanceof Problem && failure.type === 'digest-mismatch');
      state.update({ sending: null, refused: { body, failure }, mismatch });
      announce(failure instanceof Unanswered ? 'No answer: it is not known whether the decision arrived.' : failure.message);
      if (failure instanceof Problem && failure.status !== 401) await load();
      return false;
    }
  }

  return {
    state,
    load,
    decide,
    showNewer() {
      const { newer } = state.get();
      if (newer) state.update({ shown: newer, newer: null, mismatch: false, refused: null });
    },
    async claim(mine) {
      try {
        accept(await (mine ? api.claim(id) : api.release(id)));
      } catch (error) {
        announce((error as Failure).message);
        await load();
      }
    },
    dismissRefusal: () => state.update({ refused: null }),
    keep() {
      const soon = throttle(() => void load(), EVERY_MILLISECONDS);
      const timer = setInterval(() => document.visibilityState === 'visible' && soon(), 60_000);
      const stops = [
        onReconnect(soon),
        onLive((event) => {
          if (event.id === id || event.id === state.get().shown?.run) soon();
        }),
      ];
      return () => {
        clearInterval(timer);
        soon.cancel();
        for (const stop of stops) stop();
      };
    },
  };
}
