import { safe } from '../lib/text.ts';
import { kindWord, RiskChip, StatusChip } from '../ui/chips.tsx';
import { Link } from '../ui/link.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago, Due } from '../ui/time.tsx';
import type { Row } from './model.ts';

export function InboxRow({ row, open, search, now }: { row: Row; open: boolean; search: string; now: number }) {
  const { summary, gone } = row;
  const waiting = summary.status === 'PENDING' && !gone;
  return (
    <li class={`row${open ? ' open' : ''}${waiting ? '' : ' over'}`} data-testid="row" data-id={summary.id}>
      <Link to={`requirements/${encodeURIComponent(summary.id)}`} search={search} class="row-link"
        aria-current={open ? 'page' : undefined} data-row={summary.id}>
        <span class="row-top">
          <RiskChip risk={summary.risk} />
          <span class="row-tool">{summary.tool ? <Name text={summary.tool} /> : kindWord(summary.kind)}</span>
          {summary.kind !== 'APPROVAL' && <span class="tag">{kindWord(summary.kind)}</span>}
          <span class="row-due">
            {!waiting ? (
              <Over row={row} />
            ) : summary.deadline ? (
              <>
                <span class="sr">due </span>
                <Due at={summary.deadline} now={now} />
              </>
            ) : (
              <span class="muted">no deadline</span>
            )}
          </span>
        </span>
        <span class="row-summary">
          <Shown text={summary.summary} />
        </span>
        <span class="row-meta">
          <span title="agent"><Name text={summary.agent} /></span>
          {summary.requester && <span title="requester">for <Name text={summary.requester.name} /></span>}
          <Ago at={summary.createdAt} now={now} />
          {waiting && summary.escalatedAt && <span class="tag" data-testid="escalated">escalated</span>}
          {waiting && !summary.mayDecide && (
            <span class="not-yours" title={summary.whyNot ? safe(summary.whyNot) : undefined}>not yours</span>
          )}
          <span class={`votes${summary.votes > 0 ? ' some' : ''}`} data-testid="votes">
            {summary.votes}/{summary.needed}
            <span class="sr"> votes</span>
          </span>
        </span>
      </Link>
    </li>
  );
}

function Over({ row: { summary } }: { row: Row }) {
  if (summary.status === 'PENDING') return <span class="muted">no longer in this list</span>;
  return (
    <>
      <StatusChip status={summary.status} />
      {summary.resolvedBy && <span class="over-by">by <Name text={summary.resolvedBy.name} /></span>}
    </>
  );
}
