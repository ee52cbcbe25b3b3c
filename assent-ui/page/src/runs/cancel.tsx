import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Run } from '../api/types.ts';
import { FailureNotice } from '../ui/notice.tsx';

export function CancelRun({ run, onChange }: { run: Run; onChange: (run: Run) => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const cancel = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      onChange({ ...run, ...(await api.cancelRun(run.id)) });
      setAsking(false);
    } catch (error) {
      setFailure(error as Failure);
    }
    setBusy(false);
  };
  if (!asking) {
    return (
      <p class="run-actions">
        <button type="button" class="button plain" onClick={() => setAsking(true)} data-testid="cancel-run">Cancel the run…</button>
      </p>
    );
  }
  return (
    <form class="panel standalone" onSubmit={cancel} aria-label="Cancel the run">
      {failure && <FailureNotice failure={failure} what="The run was not cancelled" testid="cancel-failed" />}
      <p>What waits for a decision is withdrawn. A call that is running is not undone.</p>
      <div class="panel-buttons">
        <button type="submit" class="button bad" disabled={busy} data-testid="confirm-cancel-run">
          {busy ? 'Cancelling…' : 'Cancel the run'}
        </button>
        <button type="button" class="button plain" onClick={() => setAsking(false)}>Keep it</button>
      </div>
    </form>
  );
}
