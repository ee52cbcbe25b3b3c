import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { Problem, type Failure } from '../api/http.ts';
import type { Run } from '../api/types.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { throttle } from '../lib/throttle.ts';
import { useNow } from '../lib/time.ts';
import { RunChip } from '../ui/chips.tsx';
import { Link } from '../ui/link.tsx';
import { ErasedNotice } from '../ui/missing.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Ago, Clock } from '../ui/time.tsx';
import { CallList, MessageList } from './timeline.tsx';
import { CancelRun } from './cancel.tsx';
import { SayToRun } from './say.tsx';

export function RunPage({ id }: { id: string }) {
  const [run, setRun] = useState<Run | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = () => api.run(id).then((next) => {
    setRun(next);
    setFailure(null);
  }, (error: Failure) => setFailure(error));

  useEffect(() => {
    const soon = throttle(() => void load(), 250);
    soon();
    const stops = [
      onReconnect(soon),
      onLive((event) => {
        if (event.id === id || event.kind === 'requirement') soon();
      }),
    ];
    return () => {
      soon.cancel();
      for (const stop of stops) stop();
    };
  }, [id]);

  return (
    <div class="column">
      <p class="back always"><Link to="runs">← Runs</Link></p>
      {failure && (
        <FailureNotice failure={failure} retry={() => void load()}
          what={failure instanceof Problem && failure.status === 404 ? 'There is no such run' : 'Could not load this run'} />
      )}
      {!run && !failure && <p class="muted" role="status">Loading…</p>}
      {run && <RunView run={run} onChange={setRun} />}
    </div>
  );
}

function RunView({ run, onChange }: { run: Run; onChange: (run: Run) => void }) {
  const now = useNow();
  const finished = run.status !== 'RUNNING' && run.status !== 'PAUSED';
  return (
    <article data-testid="run" data-id={run.id}>
      <header class="run-head">
        <h1 tabIndex={-1} data-page-title><Name text={run.agent} /></h1>
        <RunChip status={run.status} />
        <code><Name text={run.id} /></code>
      </header>
      <ErasedNotice erased={run.erased} />
      <p class="muted">
        Started <Ago at={run.createdAt} now={now} />
        {run.requester && <> for <Name text={run.requester.name} /></>}, last change <Clock at={run.updatedAt} now={now} />,
        session <code><Name text={run.session} /></code>
      </p>
      {run.noWorker && (
        <Notice tone="warn" title="No worker" testid="no-worker">
          <p>No process that runs this agent is up. The run goes on by itself when one starts.</p>
        </Notice>
      )}
      {run.waitsFor.length > 0 && (
        <Notice tone="info" title={`Waits for ${run.waitsFor.length === 1 ? 'one requirement' : `${run.waitsFor.length} requirements`}`}
          testid="waits-for">
          <ul class="plain-list">
            {run.waitsFor.map((requirement) => (
              <li key={requirement}>
                <Link to={`requirements/${encodeURIComponent(requirement)}`}><Name text={requirement} /></Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {run.parent && (
        <p class="muted" data-testid="parent">
          It carries out a call of <Link to={`runs/${encodeURIComponent(run.parent.run)}`}>the run <Name text={run.parent.run} /></Link>
        </p>
      )}
      {run.held && (
        <section class="block" aria-labelledby="held-title">
          <div class="block-head">
            <h2 id="held-title">Answer, not accepted yet</h2>
            <Link to={`requirements/${encodeURIComponent(run.held.requirement)}`} data-testid="held-link">Look at it</Link>
          </div>
          <div class="words" data-testid="held"><Shown text={run.held.text} /></div>
        </section>
      )}
      {run.error && (
        <Notice tone="bad" title={<Name text={run.error.code} />} testid="run-error">
          <p><Shown text={run.error.message} /></p>
        </Notice>
      )}
      {run.output && (
        <section class="block">
          <h2>Output</h2>
          <div class="words trusted" data-testid="run-output"><Shown text={run.output} /></div>
        </section>
      )}
      <CallList calls={run.calls ?? []} />
      <MessageList messages={run.messages ?? []} now={now} />
      {!finished && <SayToRun run={run} onChange={onChange} />}
      {!finished && <CancelRun run={run} onChange={onChange} />}
    </article>
  );
}
