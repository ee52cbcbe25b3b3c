import { store } from './store.ts';

/** What the page's one polite live region says. */
export const announcement = store('');

export function announce(text: string): void {
  // The same words twice would not be read again.
  announcement.set(announcement.get() === text ? `${text}\u00A0` : text);
}
