import type { Requirement, Verdict } from '../api/types.ts';

/** What a decider gives as a reason: null nothing, no codes any text, else one of them. */
export function wanted(of: Requirement, verdict: Verdict): readonly string[] | null {
  if (verdict === 'APPROVE') return of.reasons?.approve ?? null;
  if (verdict === 'REJECT' || verdict === 'RESPOND') return of.reasons?.reject ?? null;
  return null;
}

interface Typed {
  reason: string;
  reasonCode: string;
}

/** True while what is asked for is not given. */
export function lacks(codes: readonly string[] | null, typed: Typed): boolean {
  if (codes === null) return false;
  return codes.length === 0 ? typed.reason.trim() === '' : !codes.includes(typed.reasonCode);
}

/** What is sent of it: a code only where one is asked for. */
export function why(codes: readonly string[] | null, typed: Typed): { reason?: string; reasonCode?: string } {
  return {
    ...(typed.reason.trim() ? { reason: typed.reason } : {}),
    ...(codes && codes.includes(typed.reasonCode) ? { reasonCode: typed.reasonCode } : {}),
  };
}
