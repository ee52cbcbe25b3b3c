import type { Requirement } from '../api/types.ts';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago } from '../ui/time.tsx';
import { VERDICTS } from './standing.ts';

export function Decisions({ of, now }: { of: Requirement; now: number }) {
  if (of.decisions.length === 0) return null;
  return (
    <section class="block" aria-labelledby="decisions-title">
      <h2 id="decisions-title">Decisions</h2>
      <ul class="decisions" data-testid="decisions">
        {of.decisions.map((decision, index) => (
          <li key={index}>
            <p>
              <strong><Name text={decision.by.name} /></strong> {VERDICTS[decision.verdict]}{' '}
              {decision.byMandate && (
                <span class="tag" data-testid="decided-by-mandate">
                  {decision.byMandate.kind === 'BREAK_GLASS' ? 'break-glass' : <>with the authority of <Name text={decision.byMandate.giver.name} /></>}
                </span>
              )}{' '}
              <span class="muted"><Ago at={decision.at} now={now} /></span>
            </p>
            {decision.reasonCode && <p data-testid="decision-reason-code">Reason: <Name text={decision.reasonCode} /></p>}
            {decision.reason && decision.reason.length > 0 && (
              <blockquote><Shown text={decision.reason} /></blockquote>
            )}
            {decision.value && <pre class="raw" data-testid="decision-value"><Shown text={decision.value} /></pre>}
            {decision.hidden && <p class="muted small" data-testid="decision-hidden">Something secret, which nobody is shown.</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ActivityList({ of, now }: { of: Requirement; now: number }) {
  if (of.activity.length === 0) return null;
  return (
    <section class="block" aria-labelledby="activity-title">
      <h2 id="activity-title">Activity</h2>
      <ol class="activity" data-testid="activity">
        {of.activity.map((entry, index) => (
          <li key={index}>
            <span>
              {entry.by && <strong><Name text={entry.by.name} /> </strong>}
              <Name text={entry.what} />
            </span>
            <span class="muted"><Ago at={entry.at} now={now} /></span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function AgentsWords({ of }: { of: Requirement }) {
  if (!of.agentsWords || of.agentsWords.length === 0) return null;
  return (
    <section class="block" aria-labelledby="words-title">
      <div class="block-head">
        <h2 id="words-title">The agent’s own words</h2>
        <span class="chip tone-warn" data-testid="untrusted">Untrusted</span>
      </div>
      <div class="words" data-testid="agents-words">
        <Shown text={of.agentsWords} />
      </div>
      <p class="muted small">Written by a model and not checked. What runs is only what the arguments say.</p>
    </section>
  );
}
