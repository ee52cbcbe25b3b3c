import { liveIs } from './health.ts';
import { base } from './router.ts';

export interface LiveEvent {
  kind: 'requirement' | 'run' | 'mandate';
  id: string;
}

type Told = { type: 'event'; event: LiveEvent } | { type: 'state'; live: boolean } | { type: 'who' };

const listeners = new Set<(event: LiveEvent) => void>();
const reconnected = new Set<() => void>();
let connection: { close(): void } | undefined;

export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called each time events flow again: whatever was missed has to be fetched. */
export function onReconnect(listener: () => void): () => void {
  reconnected.add(listener);
  return () => reconnected.delete(listener);
}

/**
 * One connection per browser: the tab that holds the lock listens and tells the others. `onDown` is called whenever it
 * breaks, so that somebody finds out whether the server or only the connection is gone.
 */
export function startLive(onDown: () => void): void {
  stopLive();
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(`assent-live ${base}`) : undefined;
  const stop = new AbortController();
  let leading = false;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const state = (live: boolean) => {
    if (leading) channel?.postMessage({ type: 'state', live } satisfies Told);
    liveIs(live);
    if (live) refetch();
  };
  const deliver = (event: LiveEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  const listen = () => {
    source = new EventSource(`${base}api/v1/events`);
    source.onopen = () => state(true);
    source.onerror = () => {
      state(false);
      onDown();
      if (source?.readyState !== EventSource.CLOSED) return;
      // Refused, for instance since the session ended: the browser does not try again by itself.
      clearTimeout(retry);
      if (!stop.signal.aborted) retry = setTimeout(listen, 5_000);
    };
    for (const kind of ['requirement', 'run', 'mandate'] as const) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        const event = read(kind, message.data);
        if (!event) return;
        channel?.postMessage({ type: 'event', event } satisfies Told);
        deliver(event);
      });
    }
  };

  channel?.addEventListener('message', (message: MessageEvent<Told>) => {
    const told = message.data;
    if (told.type === 'event' && !leading) deliver(told.event);
    if (told.type === 'state' && !leading) {
      state(told.live);
      if (!told.live) onDown();
    }
    if (told.type === 'who' && leading) {
      channel.postMessage({ type: 'state', live: source?.readyState === EventSource.OPEN } satisfies Told);
    }
  });
  const lead = () => {
    leading = true;
    listen();
    return new Promise<void>((done) => stop.signal.addEventListener('abort', () => done()));
  };
  if (channel && navigator.locks) {
    channel.postMessage({ type: 'who' } satisfies Told);
    navigator.locks.request(`assent-live ${base}`, { signal: stop.signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
  connection = {
    close() {
      stop.abort();
      clearTimeout(retry);
      source?.close();
      channel?.close();
      liveIs(false);
    },
  };
}

/** Asks everybody for fresh data: events may have been missed, or the server was away. */
export function refetch(): void {
  for (const listener of [...reconnected]) listener();
}

export function stopLive(): void {
  connection?.close();
  connection = undefined;
}

function read(kind: LiveEvent['kind'], data: string): LiveEvent | undefined {
  try {
    const id = (JSON.parse(data) as { id?: unknown }).id;
    return typeof id === 'string' ? { kind, id } : undefined;
  } catch {
    return undefined;
  }
}
