import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { AuditRecord, Verification } from '../api/types.ts';
import { safe } from '../lib/text.ts';
import { useNow } from '../lib/time.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { RecordRow } from './record.tsx';

interface Props {
  verified: Verification | null;
  onVerified: (verification: Verification | null) => void;
}

export function Verify({ verified, onVerified }: Props) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState<AuditRecord | null>(null);
  const now = useNow();
  const verify = async () => {
    setBusy(true);
    setFailure(null);
    try {
      onVerified(await api.verify());
    } catch (error) {
      onVerified(null);
      setFailure(error as Failure);
    }
    setBusy(false);
  };
  useEffect(() => void verify(), []);
  const firstBad = verified?.firstBad ?? null;
  useEffect(() => {
    setBroken(null);
    if (firstBad !== null) void find(firstBad).then(setBroken);
  }, [firstBad]);

  const again = (
    <button type="button" class="button small" onClick={() => void verify()} disabled={busy} data-testid="verify">
      {busy ? 'Verifying…' : 'Verify again'}
    </button>
  );
  if (failure) {
    return <FailureNotice failure={failure} what="Could not verify the log. It is not known whether it is intact."
      retry={() => void verify()} testid="verify-failed" />;
  }
  if (!verified) return <Notice tone="info" title="Verifying the log…" testid="verifying" />;
  if (!verified.intact) {
    const where = verified.firstBad === null ? '' : ` at record ${verified.firstBad.toLocaleString('en')}`;
    return (
      <Notice tone="bad" title={`The log is broken${where}`} testid="verify-broken" alert>
        {verified.problem && <p>{safe(verified.problem)}</p>}
        <p>Records from there on cannot be trusted. Keep the database as it is and tell those who run this server.</p>
        {broken && <ul class="records"><RecordRow record={broken} now={now} bad /></ul>}
        {again}
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={`The log is intact: ${verified.records.toLocaleString('en')} records verified`} testid="verify-intact">
      {again}
    </Notice>
  );
}

/** The record itself, whichever way the list is sorted; it stays a number when it cannot be read. */
async function find(position: number): Promise<AuditRecord | null> {
  for (const after of [position - 1, position + 1]) {
    const page = await api.audit({ after: String(after), limit: '1' }).catch(() => null);
    const found = page?.items.find((record) => record.position === position);
    if (found) return found;
  }
  return null;
}
