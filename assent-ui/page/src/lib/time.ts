import { useEffect, useState } from 'preact/hooks';

const UNITS: [string, number][] = [['d', 86_400], ['h', 3_600], ['min', 60]];

/** `3 min`, `2 h`, `5 d`: one unit, rounded down; under a minute in seconds. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  for (const [unit, size] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${seconds} s`;
}

export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  return past < 5_000 ? 'just now' : `${span(past)} ago`;
}

/** `in 20 min`, `5 min ago`. */
export function until(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`;
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

export function clock(at: string, now: number): string {
  const date = new Date(at);
  const sameDay = new Date(now).toDateString() === date.toDateString();
  return sameDay ? CLOCK.format(date) : `${DAY.format(date)}, ${CLOCK.format(date)}`;
}

export function exact(at: string): string {
  return EXACT.format(new Date(at));
}

/** The time, renewed so that ages in words stay true. */
export function useNow(everyMilliseconds = 10_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
  return now;
}
