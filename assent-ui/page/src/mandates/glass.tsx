import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Mandate, Requirement } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { onLive, onReconnect, refetch } from '../lib/live.ts';
import { useNow } from '../lib/time.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Clock } from '../ui/time.tsx';
import { broken } from './wish.ts';

/** Everybody sees, on every page, that somebody decides alone. */
export function GlassBanner() {
  const [open, setOpen] = useState<Mandate[]>([]);
  const now = useNow(5_000);
  useEffect(() => {
    const load = () => void api.mandates({ live: 'true', limit: '200' }).then((page) => setOpen(page.items), () => undefined);
    load();
    const stops = [onReconnect(load), onLive((event) => { if (event.kind === 'mandate') load(); })];
    return () => stops.forEach((stop) => stop());
  }, []);
  const glasses = broken(open, now);
  if (glasses.length === 0) return null;
  return (
    <div class="offline" role="alert" data-testid="glass-banner">
      {glasses.map((each) => (
        <p key={each.id}>
          <strong>Break-glass:</strong> {each.holder && <Name text={each.holder.name} />} decides alone
          {each.ends && <> until <Clock at={each.ends} now={now} /></>}
          {each.reason && <>: <Shown text={each.reason} /></>}
        </p>
      ))}
    </div>
  );
}

/** With whose authority one would decide, before one does. */
export function ByMandate({ of, now }: { of: Requirement; now: number }) {
  if (!of.byMandate) return null;
  const { kind, giver, ends } = of.byMandate;
  return (
    <p class={`message${kind === 'BREAK_GLASS' ? ' stopped' : ''}`} data-testid="by-mandate" data-kind={kind}>
      {kind === 'BREAK_GLASS'
        ? <><strong>Break-glass:</strong> your word alone decides this, and everybody is told</>
        : <>You decide this with the authority of <strong><Name text={giver.name} /></strong></>}
      {', until '}<Clock at={ends} now={now} />.
    </p>
  );
}

/** For those who hold the role: opens for this one requirement, with a reason. */
export function BreakGlass({ of, done }: { of: Requirement; done: () => void }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('15');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  if (!of.mayBreakGlass) return null;
  if (!open) {
    return <p><button type="button" class="button plain" onClick={() => setOpen(true)} data-testid="break-glass">Break glass…</button></p>;
  }
  const send = async () => {
    if (sending || reason.trim() === '') return;
    setSending(true);
    try {
      await api.giveMandate({ kind: 'BREAK_GLASS', requirement: of.id, minutes: Number(minutes), reason: reason.trim() });
      setOpen(false);
      announce('The glass is broken: you decide this alone, and everybody is told.');
      refetch();
      done();
    } catch (error) {
      setFailure(error as Failure);
    } finally {
      setSending(false);
    }
  };
  return (
    <form class="answer-form" noValidate data-testid="glass-form" aria-label="Break glass"
      onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <p>In an emergency you decide this alone, in nobody’s place. It is written down and everybody is told.</p>
      <label class="input-row">
        Why
        <input value={reason} maxLength={500} data-testid="glass-reason" onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <label class="input-row">
        For
        <select value={minutes} data-testid="glass-minutes" onChange={(event) => setMinutes(event.currentTarget.value)}>
          {['5', '15', '30', '60'].map((each) => <option key={each} value={each}>{each} minutes</option>)}
        </select>
      </label>
      {failure && <FailureNotice failure={failure} what="The glass was not broken" />}
      <div class="bar-buttons">
        <button type="submit" class="button" aria-disabled={sending || reason.trim() === ''} data-testid="confirm-glass">Break glass</button>
        <button type="button" class="button plain" onClick={() => setOpen(false)}>Cancel</button>
      </div>
    </form>
  );
}
