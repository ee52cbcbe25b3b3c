import { ago, clock, exact, until } from '../lib/time.ts';

export function Ago({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

export function Clock({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {clock(at, now)}
    </time>
  );
}

/** A deadline; told apart when less than a quarter of an hour is left. */
export function Due({ at, now }: { at: string; now: number }) {
  const left = Date.parse(at) - now;
  return (
    <time class={left < 900_000 ? 'due soon' : 'due'} dateTime={at} title={exact(at)}>
      {until(at, now)}
    </time>
  );
}
