import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { enter, logout } from './session.ts';

/** Asked for before anything else, as long as the password is one that somebody else has chosen. */
export function PasswordChange({ name }: { name: string }) {
  const [current, setCurrent] = useState('');
  const [replacement, setReplacement] = useState('');
  const [repeated, setRepeated] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const differs = repeated !== '' && repeated !== replacement;

  const send = async (event: Event) => {
    event.preventDefault();
    if (busy || replacement !== repeated) return;
    setBusy(true);
    setFailure(null);
    try {
      enter(await api.password(current, replacement));
    } catch (error) {
      setFailure(error as Failure);
      setBusy(false);
    }
  };
  return (
    <main class="gate" id="main">
      <form class="gate-card" onSubmit={send} aria-labelledby="password-title">
        <h1 id="password-title">Choose your password</h1>
        <p class="muted">The one you logged in with was made for you. Choose your own to go on.</p>
        {failure && <FailureNotice failure={failure} what="The password was not changed" testid="password-failed" />}
        <input class="sr" type="text" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />
        <label for="current">Current password</label>
        <input id="current" type="password" autocomplete="current-password" required value={current}
          data-testid="password-current" onInput={(event) => setCurrent(event.currentTarget.value)} />
        <label for="replacement">New password</label>
        <input id="replacement" type="password" autocomplete="new-password" required value={replacement}
          data-testid="password-new" onInput={(event) => setReplacement(event.currentTarget.value)} />
        <label for="repeated">New password again</label>
        <input id="repeated" type="password" autocomplete="new-password" required value={repeated}
          aria-invalid={differs} aria-describedby={differs ? 'differs' : undefined}
          data-testid="password-again" onInput={(event) => setRepeated(event.currentTarget.value)} />
        {differs && <p class="field-error" id="differs">The two are not the same.</p>}
        <button type="submit" class="button primary wide" disabled={busy || differs} data-testid="password-save">
          {busy ? 'Saving…' : 'Save and go on'}
        </button>
        <button type="button" class="button plain wide" onClick={() => void logout()}>Log out</button>
      </form>
    </main>
  );
}
