import { useState } from 'preact/hooks';
import { session } from '../account/session.ts';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Risk } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { useStore } from '../lib/store.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { EMPTY, wishOf, type WishDraft } from './wish.ts';

/** Lets somebody decide for oneself; an administrator also for somebody who is away. */
export function GiveForm({ given }: { given: () => void }) {
  const known = useStore(session);
  const admin = known.phase === 'in' && known.me.principal.roles.includes('admin');
  const [draft, setDraft] = useState<WishDraft>(EMPTY);
  const [wrong, setWrong] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const change = (part: Partial<WishDraft>) => setDraft((before) => ({ ...before, ...part }));

  const send = async () => {
    const wished = wishOf(draft, Date.now());
    setWrong('wrong' in wished ? wished.wrong : null);
    if ('wrong' in wished || sending) return;
    setSending(true);
    try {
      await api.giveMandate(wished.wish);
      setDraft(EMPTY);
      setFailure(null);
      announce('It was given.');
      given();
    } catch (error) {
      setFailure(error as Failure);
    } finally {
      setSending(false);
    }
  };

  const text = (name: 'giver' | 'to' | 'tools' | 'reason', label: string, note: string) => (
    <label class="input-row">
      {label} <span class="muted small">{note}</span>
      <input value={draft[name]} maxLength={500} data-testid={`mandate-${name}`}
        onInput={(event) => change({ [name]: event.currentTarget.value })} />
    </label>
  );
  const time = (name: 'begins' | 'ends', label: string, note: string) => (
    <label class="input-row">
      {label} <span class="muted small">{note}</span>
      <input type="datetime-local" value={draft[name]} data-testid={`mandate-${name}`}
        onInput={(event) => change({ [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <form class="answer-form" noValidate data-testid="give-mandate" aria-label="Let somebody decide for you"
      onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <label class="input-row">
        What it is
        <select value={draft.kind} data-testid="mandate-kind"
          onChange={(event) => change({ kind: event.currentTarget.value as WishDraft['kind'] })}>
          <option value="DELEGATION">Somebody decides for me</option>
          <option value="OUT_OF_OFFICE">Out of office</option>
        </select>
      </label>
      {admin && draft.kind === 'OUT_OF_OFFICE' && text('giver', 'Who is away', 'account; empty means you')}
      {text('to', 'Who decides', 'account')}
      {text('tools', 'Tools', 'by commas, * for any characters; empty means all')}
      <label class="input-row">
        Risk at most
        <select value={draft.highest} data-testid="mandate-highest"
          onChange={(event) => change({ highest: event.currentTarget.value as Risk })}>
          <option value="HIGH">high</option>
          <option value="MEDIUM">medium</option>
          <option value="LOW">low</option>
        </select>
      </label>
      {time('begins', 'From', 'empty means now')}
      {time('ends', 'Until', '')}
      {text('reason', 'Reason', 'everybody sees it')}
      {wrong && <p class="bar-note stopped" role="alert" data-testid="mandate-wrong">{wrong}</p>}
      {failure && <FailureNotice failure={failure} what="It was not given" />}
      <button type="submit" class="button" aria-disabled={sending} data-testid="give">Give</button>
    </form>
  );
}
