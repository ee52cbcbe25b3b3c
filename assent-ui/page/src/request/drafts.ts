import { store, type Store } from '../lib/store.ts';

export type Panel = 'approve' | 'reject' | 'happened' | 'did-not-happen' | 'give-up';

/** What a person typed but did not send. Kept while the page lives, also over errors and other pages. */
export interface Draft {
  panel: Panel | null;
  reason: string;
  result: string;
  typed: string;
}

const drafts = new Map<string, Store<Draft>>();

export function draftOf(id: string): Store<Draft> {
  let draft = drafts.get(id);
  if (!draft) {
    draft = store<Draft>({ panel: null, reason: '', result: '', typed: '' });
    drafts.set(id, draft);
  }
  return draft;
}

export function forgetDrafts(): void {
  drafts.clear();
}
