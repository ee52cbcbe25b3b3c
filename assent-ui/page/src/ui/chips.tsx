import type { Kind, RequirementStatus, Risk, RunStatus } from '../api/types.ts';
import type { Tone } from './notice.tsx';

const RISK: Record<Risk, string> = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High' };

export function RiskChip({ risk, long = false }: { risk: Risk; long?: boolean }) {
  return (
    <span class={`chip risk-${risk.toLowerCase()}`} data-testid="risk">
      <span class="bars" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {RISK[risk]}
      {long ? ' risk' : <span class="sr"> risk</span>}
    </span>
  );
}

const STATUS: Record<RequirementStatus, [string, Tone]> = {
  PENDING: ['Waiting', 'info'],
  APPROVED: ['Approved', 'good'],
  REJECTED: ['Rejected', 'bad'],
  EXPIRED: ['Expired', 'warn'],
  CANCELLED: ['Withdrawn', 'warn'],
  RESOLVED: ['Resolved', 'good'],
  REVOKED: ['Revoked', 'bad'],
};

export function statusWord(status: RequirementStatus): string {
  return STATUS[status][0];
}

export function StatusChip({ status }: { status: RequirementStatus }) {
  const [word, tone] = STATUS[status];
  return <Chip tone={tone} text={word} testid="status" />;
}

export function Chip({ tone, text, testid }: { tone: Tone; text: string; testid?: string }) {
  return (
    <span class={`chip tone-${tone}`} data-testid={testid}>
      {text}
    </span>
  );
}

const KIND: Record<Kind, string> = {
  APPROVAL: 'Approval',
  USER_INPUT: 'Input',
  EXTERNAL_EXECUTION: 'External execution',
  REVIEW: 'Review',
  RECONCILIATION: 'Reconciliation',
};

export function kindWord(kind: Kind): string {
  return KIND[kind];
}

const RUN: Record<RunStatus, Tone> = {
  RUNNING: 'info', PAUSED: 'warn', COMPLETED: 'good', FAILED: 'bad', CANCELLED: 'warn',
};

export function RunChip({ status }: { status: RunStatus }) {
  return <Chip tone={RUN[status] ?? 'info'} text={sentence(status)} testid="run-status" />;
}

const CALL_TONES: Record<string, Tone> = {
  SUCCEEDED: 'good', FAILED: 'bad', REJECTED: 'bad', DENIED: 'bad', REFUSED: 'bad', REVOKED: 'bad',
  EXPIRED: 'warn', CANCELLED: 'warn', IN_DOUBT: 'warn', GATED: 'warn', SUSPENDED: 'warn',
};

export function CallChip({ status }: { status: string }) {
  return <Chip tone={CALL_TONES[status] ?? 'info'} text={sentence(status)} testid="call-status" />;
}

/** `IN_DOUBT` → `In doubt`. */
export function sentence(word: string): string {
  const lower = word.toLowerCase().replaceAll('_', ' ');
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
