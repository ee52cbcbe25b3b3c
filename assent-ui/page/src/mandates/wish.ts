import type { Mandate, MandateWish, Risk } from '../api/types.ts';

/** What stands in the fields. */
export interface WishDraft {
  kind: 'DELEGATION' | 'OUT_OF_OFFICE';
  giver: string;
  to: string;
  /** Names of tools, by commas or spaces. */
  tools: string;
  highest: Risk;
  /** As the browser's field of a date and a time has it; empty means now. */
  begins: string;
  ends: string;
  reason: string;
}

export const EMPTY: WishDraft = {
  kind: 'DELEGATION', giver: '', to: '', tools: '', highest: 'HIGH', begins: '', ends: '', reason: '',
};

export type Wished = { wish: MandateWish } | { wrong: string };

/** What is sent, or what is wrong with it in words. */
export function wishOf(draft: WishDraft, now: number): Wished {
  const to = draft.to.trim();
  if (to === '') return { wrong: 'Name the account that decides.' };
  const begins = draft.begins === '' ? null : Date.parse(draft.begins);
  const ends = Date.parse(draft.ends);
  if (begins !== null && Number.isNaN(begins)) return { wrong: 'From when on is no time.' };
  if (Number.isNaN(ends)) return { wrong: 'Say until when.' };
  if (ends <= Math.max(now, begins ?? now)) return { wrong: 'It has to end after it begins, and after now.' };
  const wish: MandateWish = { kind: draft.kind, to, tools: toolsOf(draft.tools), highest: draft.highest, ends: new Date(ends).toISOString() };
  if (begins !== null) wish.begins = new Date(begins).toISOString();
  const giver = draft.giver.trim();
  if (draft.kind === 'OUT_OF_OFFICE' && giver !== '') wish.giver = giver;
  if (draft.reason.trim() !== '') wish.reason = draft.reason.trim();
  return { wish };
}

export function toolsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

export const KINDS: Record<Mandate['kind'] & string, string> = {
  DELEGATION: 'delegation', OUT_OF_OFFICE: 'out of office', BREAK_GLASS: 'break-glass',
};

export const STANDS: Record<Mandate['status'] & string, string> = {
  TO_COME: 'to come', LIVE: 'in force', EXPIRED: 'over', REVOKED: 'revoked',
};

/** Those that break the glass now, whatever the server said of it a while ago. */
export function broken(mandates: readonly Mandate[], now: number): Mandate[] {
  return mandates.filter((each) =>
    each.kind === 'BREAK_GLASS' && each.status === 'LIVE' && each.ends !== null && Date.parse(each.ends) > now);
}
