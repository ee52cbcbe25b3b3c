import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { newKey, Problem, type Failure } from '../api/http.ts';
import type { Agent } from '../api/types.ts';
import { go } from '../lib/router.ts';
import { safe } from '../lib/text.ts';
import { FailureNotice } from '../ui/notice.tsx';

export function StartRun() {
  const [agents, setAgents] = useState<Agent[] | null>(null);
  const [agent, setAgent] = useState('');
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [unloaded, setUnloaded] = useState<Failure | null>(null);
  // One key per message: a retry after silence must not start a second run.
  const key = useRef<{ of: string; key: string } | null>(null);

  const load = () => api.agents().then(({ items }) => {
    setAgents(items);
    setUnloaded(null);
    setAgent((chosen) => chosen || (items[0]?.name ?? ''));
  }, (error: Failure) => setUnloaded(error));
  useEffect(() => void load(), []);

  const start = async (event: Event) => {
    event.preventDefault();
    if (busy || !agent) return;
    const of = JSON.stringify([agent, message]);
    if (key.current?.of !== of) key.current = { of, key: newKey() };
    setBusy(true);
    setFailure(null);
    try {
      const run = await api.startRun(agent, message, key.current.key);
      setMessage('');
      key.current = null;
      go(`runs/${encodeURIComponent(run.id)}`);
    } catch (error) {
      if (error instanceof Problem && error.status < 500) key.current = null;
      setFailure(error as Failure);
    }
    setBusy(false);
  };

  if (unloaded) return <FailureNotice failure={unloaded} what="Could not load the agents" retry={() => void load()} />;
  if (agents?.length === 0) return <p class="muted" data-testid="no-agents">No agent is registered in this server.</p>;
  const chosen = agents?.find(({ name }) => name === agent);
  return (
    <form class="start" onSubmit={start} aria-label="Start a run">
      {failure && <FailureNotice failure={failure} what="The run was not started" testid="start-failed" />}
      <div class="start-fields">
        <div>
          <label for="agent">Agent</label>
          <select id="agent" value={agent} data-testid="start-agent"
            onChange={(event) => setAgent(event.currentTarget.value)}>
            {(agents ?? []).map(({ name }) => <option key={name} value={name}>{safe(name)}</option>)}
          </select>
        </div>
        <div class="grow">
          <label for="message">Message</label>
          <input id="message" value={message} required autocomplete="off" data-testid="start-message"
            aria-describedby={chosen?.description ? 'agent-words' : undefined}
            onInput={(event) => setMessage(event.currentTarget.value)} />
        </div>
        <button type="submit" class="button primary" disabled={busy || !agents} data-testid="start-run">
          {busy ? 'Starting…' : 'Start a run'}
        </button>
      </div>
      {chosen?.description && <p class="muted small" id="agent-words">{safe(chosen.description)}</p>}
    </form>
  );
}
