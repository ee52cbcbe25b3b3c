import { useEffect, useRef } from 'preact/hooks';
import { store } from './store.ts';

const OFF = 'assent.shortcuts';

function remembered(): boolean {
  try {
    return localStorage.getItem(OFF) !== 'off';
  } catch {
    return true;
  }
}

/** WCAG 2.1.4: shortcuts of one character can be turned off. */
export const shortcutsOn = store(typeof localStorage === 'undefined' ? true : remembered());

export function turnShortcuts(on: boolean): void {
  shortcutsOn.set(on);
  try {
    localStorage.setItem(OFF, on ? 'on' : 'off');
  } catch {
    // Private windows may refuse: then it holds for this page only.
  }
}

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null;
}

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Keys of one character, never in a field, never repeated, never while a dialog is open. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || !shortcutsOn.get()) return;
      if (inField(event.target) || document.querySelector('dialog[open]')) return;
      const act = current.current[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
