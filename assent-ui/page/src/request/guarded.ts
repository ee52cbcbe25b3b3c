import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { announce } from '../lib/announce.ts';
import { Guard, QUIET_MILLISECONDS } from '../lib/guard.ts';

export interface Guarded {
  /** True for a moment after the card changed: buttons show it, and decide nothing. */
  quiet: boolean;
  /** Runs the act, unless it may have been meant for what was there before. */
  press(event: Event, act: () => void): void;
}

/** Everything on the card that a decision is about goes into `content`. */
export function useGuard(content: string): Guarded {
  const guard = useMemo(() => new Guard(performance.now()), []);
  const [settled, settle] = useState<string | null>(null);

  useLayoutEffect(() => {
    guard.changed(performance.now());
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Counted from when it is painted, not from when it was computed.
    const frame = requestAnimationFrame(() => {
      guard.changed(performance.now());
      timer = setTimeout(() => settle(content), QUIET_MILLISECONDS + 20);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [content]);

  useEffect(() => {
    const pointer = (event: PointerEvent) => guard.pressed(event.timeStamp);
    const key = (event: KeyboardEvent) => guard.pressed(event.timeStamp, event.repeat);
    addEventListener('pointerdown', pointer, true);
    addEventListener('keydown', key, true);
    return () => {
      removeEventListener('pointerdown', pointer, true);
      removeEventListener('keydown', key, true);
    };
  }, []);

  return {
    quiet: settled !== content,
    press(event, act) {
      if (guard.allows(event.timeStamp)) act();
      else announce('The card has just changed. Look again, then decide.');
    },
  };
}
