import { store, type Store } from '../lib/store.ts';

export type Panel =
  | 'approve' | 'reject' | 'edit' | 'respond' | 'revoke' | 'decline' | 'result-of' | 'failure' | 'replace' | 'changes'
  | 'happened' | 'did-not-happen' | 'give-up' | 'always' | 'ask-back';

/** What a person typed but did not send. Kept for this tab, also over errors, other pages and a reload. */
export interface Draft {
  panel: Panel | null;
  reason: string;
  reasonCode: string;
  result: string;
  typed: string;
  /** An edit, an answer, a replacement. */
  value: string;
  /** The version that `value` is an edit of. */
  editedVersion: number;
  asJson: boolean;
  /** Fields of a form by their path. */
  fields: Record<string, string>;
  /** The same of secret fields: never kept beyond this page. */
  secrets: Record<string, string>;
  /** `value` began with something that was hidden: it is never kept beyond this page. */
  sensitive: boolean;
  /** Somebody tried to send the form: from then on it says what is missing. */
  tried: boolean;
}

const EMPTY: Draft = {
  panel: null, reason: '', reasonCode: '', result: '', typed: '', value: '', editedVersion: 0, asJson: false, fields: {}, secrets: {}, sensitive: false, tried: false,
};
const PREFIX = 'assent.draft.';
const drafts = new Map<string, Store<Draft>>();

export function draftOf(id: string): Store<Draft> {
  let draft = drafts.get(id);
  if (!draft) {
    const fresh = store<Draft>({ ...EMPTY, ...kept(id) });
    fresh.watch(() => keep(id, fresh.get()));
    drafts.set(id, fresh);
    draft = fresh;
  }
  return draft;
}

export function clearDraft(id: string): void {
  draftOf(id).set(EMPTY);
}

export function forgetDrafts(): void {
  drafts.clear();
  tolerant(() => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  });
}

/** What was typed to confirm is typed again; a secret is never written anywhere. */
function keep(id: string, { typed: _confirmed, secrets: _secrets, tried: _tried, sensitive, ...typed }: Draft): void {
  const draft = sensitive ? { ...typed, panel: null, value: '', editedVersion: 0 } : typed;
  tolerant(() => {
    const idle = draft.panel === null && Object.keys(draft.fields).length === 0;
    if (idle) sessionStorage.removeItem(PREFIX + id);
    else sessionStorage.setItem(PREFIX + id, JSON.stringify(draft));
  });
}

function kept(id: string): Partial<Draft> {
  return tolerant(() => JSON.parse(sessionStorage.getItem(PREFIX + id) ?? '{}') as Partial<Draft>) ?? {};
}

/** Private windows may refuse storage: then a draft lives as long as the page. */
function tolerant<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
