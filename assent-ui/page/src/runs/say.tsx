import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Run } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { FailureNotice } from '../ui/notice.tsx';

/** Says something to a run that is under way. */
export function SayToRun({ run, onChange }: { run: Run; onChange: (run: Run) => void }) {
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const say = async (event: Event) => {
    event.preventDefault();
    if (busy || message.trim() === '') return;
    setBusy(true);
    setFailure(null);
    try {
      onChange({ ...run, ...(await api.say(run.id, message)) });
      setMessage('');
      announce('The agent reads it before its next turn.');
    } catch (error) {
      setFailure(error as Failure);
    }
    setBusy(false);
  };
  return (
    <form class="start" onSubmit={say} aria-label="Say something to the run">
      {failure && <FailureNotice failure={failure} what="It was not said" testid="say-failed" />}
      <div class="start-fields">
        <div class="grow">
          <label for="say">Say something to the agent</label>
          <input id="say" value={message} autocomplete="off" data-testid="say-message"
            onInput={(event) => setMessage(event.currentTarget.value)} />
        </div>
        <button type="submit" class="button" disabled={busy} data-testid="say">{busy ? 'Sending…' : 'Say it'}</button>
      </div>
    </form>
  );
}
