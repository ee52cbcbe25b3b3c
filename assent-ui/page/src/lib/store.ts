import { useEffect, useReducer } from 'preact/hooks';

/** A value that components can watch. */
export interface Store<T> {
  get(): T;
  set(next: T): void;
  update(change: Partial<T>): void;
  watch(listener: () => void): () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const self: Store<T> = {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    update: (change) => self.set({ ...value, ...change }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return self;
}

export function useStore<T>(source: Store<T>): T {
  const [, render] = useReducer<number, void>((n) => n + 1, 0);
  const seen = source.get();
  useEffect(() => {
    if (source.get() !== seen) render();
    return source.watch(() => render());
    // `seen` is only compared once, right after the first paint.
  }, [source]);
  return seen;
}
