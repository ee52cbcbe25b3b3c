import type { Requirement, Verdict } from '../api/types.ts';
import type { Panel } from './drafts.ts';

/** A button of the bar: it decides at once, or opens a panel. */
export interface Action {
  label: string;
  testid: string;
  verdict?: Verdict;
  panel?: Panel;
  /** JSON text. */
  value?: string;
  /** Nothing of what it is about may be folded away. */
  needsAll?: true;
  key?: string;
  /** One of the two that most people came for. */
  main?: true;
}

const REJECT: Action = { label: 'Reject…', testid: 'reject', panel: 'reject', key: 'r', main: true };

/** The first one is what most people came for. */
export function actionsOf(of: Requirement): Action[] {
  if (of.mayRevoke) return [{ label: 'Revoke the approval…', testid: 'revoke', panel: 'revoke' }];
  switch (of.kind) {
    case 'APPROVAL':
      return [
        { label: 'Approve', testid: 'approve', verdict: 'APPROVE', needsAll: true, key: 'a', main: true },
        { label: 'Edit…', testid: 'edit', panel: 'edit', key: 'e' },
        ...(of.askBack?.may ? [{ label: 'Ask the agent…', testid: 'ask-back', panel: 'ask-back' } as const] : []),
        { label: 'Answer instead…', testid: 'respond', panel: 'respond' },
        // The server says whether this may be allowed for longer; at high risk it never may.
        ...(of.risk === 'HIGH' || of.needed > 1 ? [] : [{ label: 'Always…', testid: 'always', panel: 'always', needsAll: true } as const]),
        REJECT,
      ];
    case 'USER_INPUT':
      return [...answers(of), { label: 'Decline…', testid: 'decline', panel: 'decline' }];
    case 'EXTERNAL_EXECUTION':
      return [
        ...(of.external?.takenBy ? [] : [{ label: 'Take', testid: 'take', verdict: 'TAKE' } as const]),
        { label: 'Bring the result…', testid: 'result-of', panel: 'result-of' },
        { label: 'It failed…', testid: 'failure', panel: 'failure' },
      ];
    case 'REVIEW':
      return [
        { label: 'Accept', testid: 'accept', verdict: 'ACCEPT' },
        { label: 'Replace…', testid: 'replace', panel: 'replace' },
        ...(of.review?.mayAskChanges ? [{ label: 'Ask for changes…', testid: 'changes', panel: 'changes' } as const] : []),
      ];
    case 'RECONCILIATION':
      return [
        { label: 'It happened…', testid: 'happened', panel: 'happened' },
        { label: 'It did not happen…', testid: 'did-not-happen', panel: 'did-not-happen' },
        { label: 'Give up…', testid: 'give-up', panel: 'give-up' },
      ];
  }
}

function answers(of: Requirement): Action[] {
  if (!of.form) return [];
  if (of.form.style !== 'CONFIRM') return [{ label: 'Answer', testid: 'answer', verdict: 'ANSWER' }];
  return [
    { label: 'Yes', testid: 'yes', verdict: 'ANSWER', value: '{"answer":"yes"}' },
    { label: 'No', testid: 'no', verdict: 'ANSWER', value: '{"answer":"no"}' },
  ];
}
