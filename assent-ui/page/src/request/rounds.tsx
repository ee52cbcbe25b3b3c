import type { Requirement } from '../api/types.ts';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago } from '../ui/time.tsx';
import { Diff } from './sections.tsx';

/** What people who decide asked the agent, and what it said to that. */
export function Rounds({ of, now }: { of: Requirement; now: number }) {
  const rounds = of.askBack?.rounds ?? [];
  if (rounds.length === 0) return null;
  return (
    <section class="block" aria-labelledby="rounds-title">
      <h2 id="rounds-title">Asked back</h2>
      <ol class="decisions" data-testid="rounds">
        {rounds.map(({ question, by, at, version, answer }, index) => (
          <li key={index} data-testid="round-of">
            <p>
              <strong><Name text={by.name} /></strong> asked about version {version}{' '}
              <span class="muted"><Ago at={at} now={now} /></span>
            </p>
            <blockquote data-testid="round-question"><Shown text={question} /></blockquote>
            {!answer && <p class="muted" role="status" data-testid="round-open">{of.status === 'PENDING' ? 'The agent has not answered yet.' : 'The agent did not answer before it was closed.'}</p>}
            {answer && (
              <>
                <p>
                  The agent answered <span class="muted"><Ago at={answer.at} now={now} /></span>{' '}
                  {answer.words.length > 0 && <span class="chip tone-warn">Untrusted</span>}
                </p>
                {answer.words.length > 0 && <div class="words" data-testid="round-answer"><Shown text={answer.words} /></div>}
                {answer.note && <p data-testid="round-note"><Shown text={answer.note} /></p>}
                {answer.changes && (
                  <>
                    <p>It changed the call; since then version {answer.version} is to be decided:</p>
                    <Diff changes={answer.changes} testid="round-diff" />
                  </>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
