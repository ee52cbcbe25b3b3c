import type { Requirement, Verdict } from '../api/types.ts';
import { safe } from '../lib/text.ts';
import { clock } from '../lib/time.ts';
import { statusWord } from '../ui/chips.tsx';
import type { Tone } from '../ui/notice.tsx';

/** Where a requirement stands, in words a person can act on. */
export interface Standing {
  tone: Tone;
  title: string;
  detail: string;
  /** What the call's result or error is called here, when there is one. */
  shows: 'result' | 'error' | null;
  /** The call's outcome is unknown: somebody has to say what happened. */
  inDoubt: boolean;
}

export function outcomeWords(requirement: Requirement): string {
  const who = requirement.resolvedBy ? ` by ${safe(requirement.resolvedBy.name)}` : '';
  const when = requirement.resolvedAt ? `, ${clock(requirement.resolvedAt, Date.now())}` : '';
  return `${statusWord(requirement.status)}${who}${when}`;
}

export function standing(requirement: Requirement): Standing {
  const title = outcomeWords(requirement);
  const plain = (tone: Tone, detail: string): Standing => ({ tone, title, detail, shows: null, inDoubt: false });
  switch (requirement.status) {
    case 'PENDING':
      return pending(requirement);
    case 'REJECTED':
      return rejected(requirement, plain);
    case 'EXPIRED':
      if (requirement.kind !== 'APPROVAL') return plain('warn', 'Nobody answered in time. The agent is told so.');
      return plain('warn', requirement.onExpiry === 'CANCEL_RUN'
        ? 'Nobody decided in time. The call does not run, and the run was cancelled.'
        : 'Nobody decided in time. Silence is never an approval: the call does not run.');
    case 'CANCELLED':
      return plain('warn', 'Withdrawn before it was decided: the run no longer asks for it. Nothing ran.');
    case 'REVOKED':
      return plain('bad', 'Approved, and revoked before it began. Nothing ran, and the agent is told so.');
    case 'RESOLVED':
      return plain('good', resolved(requirement));
    case 'APPROVED':
      return approved(requirement, title);
  }
}

function pending(requirement: Requirement): Standing {
  const left = requirement.needed - requirement.votes;
  const detail = left === 1 ? 'One more vote is needed.' : `${left} more votes are needed.`;
  return {
    tone: 'info',
    title: requirement.votes > 0 ? `Partly approved: ${requirement.votes} of ${requirement.needed} votes` : 'Waiting',
    detail: requirement.votes > 0 ? detail : '',
    shows: null,
    inDoubt: false,
  };
}

function rejected(requirement: Requirement, plain: (tone: Tone, detail: string) => Standing): Standing {
  const last = requirement.decisions.at(-1)?.verdict;
  if (last === 'RESPOND') return plain('info', 'The call does not run. The agent got this answer instead.');
  if (last === 'DECLINE') return plain('warn', 'Nobody answers this. The agent is told so.');
  return plain('bad', 'The call does not run. The reason is told to the agent.');
}

const RESOLVED: Partial<Record<Verdict, string>> = {
  ANSWER: 'It was answered. The call goes on with it.',
  RESULT: 'It was executed. The agent gets this result.',
  FAILURE: 'It failed, or was not executed. The agent is told so.',
  ACCEPT: 'It counts as it is.',
  REPLACE: 'The replacement counts instead.',
  CHANGES: 'It has to be made anew. The agent got the feedback.',
};

function resolved(requirement: Requirement): string {
  const last = requirement.decisions.at(-1)?.verdict;
  if (last === 'HAPPENED') return 'It happened. The call counts as executed, with the result that was given.';
  if (last === 'DID_NOT_HAPPEN') return 'It did not happen. The call is checked anew before anything runs.';
  if (last === 'GIVE_UP') return 'Given up: the agent is told that the outcome is unknown.';
  return last ? (RESOLVED[last] ?? '') : '';
}

function approved(requirement: Requirement, title: string): Standing {
  const as = (tone: Tone, detail: string, more: Partial<Standing> = {}): Standing => ({
    tone, title, detail, shows: null, inDoubt: false, ...more,
  });
  switch (requirement.call?.status) {
    case 'SUCCEEDED':
      return as('good', 'The call was executed as approved.', { shows: 'result' });
    case 'FAILED':
      return as('bad', 'Approved, but the call failed. Approved is not success.', { shows: 'error' });
    case 'IN_DOUBT':
      return as('warn', 'Approved and started, but nobody knows whether it happened. It is not tried again.', {
        shows: 'error', inDoubt: true,
      });
    case 'EXECUTING':
      return as('info', 'The call is running now.');
    case 'SUSPENDED':
      return as('info', 'The call has started and waits for something else.');
    case 'REVOKED':
    case 'DENIED':
    case 'CANCELLED':
    case 'EXPIRED':
      return as('warn', 'Approved, but the last check before the call stopped it. Nothing ran.', { shows: 'error' });
    case 'GATED':
      return as('warn', 'Approved, but the call has to be decided again, since something changed.');
    default:
      return as('good', 'Not executed yet. The call is checked once more just before it runs.');
  }
}

/** True when the count of votes alone does not say what is missing. */
export function notPlain(requirement: Requirement): boolean {
  return requirement.progress.length > 1
    || requirement.progress.some((clause) => clause.groups.length > 1 || clause.groups.some((group) => group.failsAt > 1));
}

export function groupWords(group: Requirement['progress'][number]['groups'][number]): string {
  const denied = group.denials === 0 ? '' : `, ${group.denials} of ${group.failsAt} denied`;
  const from = group.from ? `, not before ${clock(group.from, Date.now())}` : '';
  return `${group.who}: ${group.approvals} of ${group.needed} approved${denied}${group.failed ? ', cannot agree any more' : ''}${from}`;
}

export function expiryWords(onExpiry: Requirement['onExpiry']): string {
  if (onExpiry === 'REJECT') return 'then it is rejected';
  if (onExpiry === 'CANCEL_RUN') return 'then the run is cancelled';
  if (onExpiry === 'FALLBACK') return 'then the declared answer is used';
  if (onExpiry === 'KEEP') return 'then it goes on waiting';
  return '';
}

/** For what a decider gives a reason. */
export function reasonsWords(reasons: NonNullable<Requirement['reasons']>): string {
  const of = (what: string, codes: string[] | null) =>
    codes === null ? [] : [`${what} needs a reason${codes.length > 0 ? `: ${codes.join(', ')}` : ''}`];
  return [...of('approving', reasons.approve), ...of('rejecting', reasons.reject)].join('; ');
}

export const VERDICTS = {
  APPROVE: 'approved',
  REJECT: 'rejected',
  EDIT: 'edited the arguments',
  RESPOND: 'answered instead',
  REVOKE: 'revoked the approval',
  ASK_BACK: 'asked the agent back',
  ANSWER: 'answered',
  DECLINE: 'declined to answer',
  TAKE: 'began with it',
  RESULT: 'brought the result',
  FAILURE: 'reported a failure',
  ACCEPT: 'accepted it',
  REPLACE: 'replaced it',
  CHANGES: 'asked for changes',
  HAPPENED: 'said: it happened',
  DID_NOT_HAPPEN: 'said: it did not happen',
  GIVE_UP: 'gave up',
} as const;
