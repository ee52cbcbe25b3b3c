import { Problem } from '../api/http.ts';
import type { Form, Requirement } from '../api/types.ts';
import type { Draft } from './drafts.ts';
import { collect, presets, type Collected, type Raw } from './form-value.ts';
import type { Card } from './model.ts';

/** What stands in the fields now. */
export function rawOf(form: Form, draft: Draft): Raw {
  return { ...presets(form.fields), ...draft.fields, ...draft.secrets };
}

export function answerOf(form: Form, draft: Draft): Collected {
  return collect(form.fields, rawOf(form, draft));
}

/** What the server found in the last value, by path. */
export function foundWrong({ refused }: Card): Record<string, string> {
  const all = refused?.failure instanceof Problem ? refused.failure.members['errors'] : undefined;
  if (!Array.isArray(all)) return {};
  const found: Record<string, string> = {};
  for (const entry of all as { path?: unknown; message?: unknown }[]) {
    if (typeof entry.path === 'string' && typeof entry.message === 'string') found[entry.path] ??= entry.message;
  }
  return found;
}

/** Beside each field what the page found, else what the server found. */
export function errorsOf(form: Form, draft: Draft, card: Card): Record<string, string> {
  return { ...foundWrong(card), ...(draft.tried ? answerOf(form, draft).errors : {}) };
}

/** A yes or no has no fields: its buttons are the answer. */
export function hasFields(of: Requirement): boolean {
  return of.form !== null && of.form.style !== 'CONFIRM';
}
