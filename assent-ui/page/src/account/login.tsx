import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { Problem, type Failure } from '../api/http.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { enter } from './session.ts';

export function Login({ expired }: { expired: boolean }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      enter(await api.login(name, password));
    } catch (error) {
      setFailure(error as Failure);
      setBusy(false);
    }
  };
  return (
    <main class="gate" id="main">
      <form class="gate-card" onSubmit={send} aria-labelledby="login-title">
        <h1 id="login-title">Log in to Assent</h1>
        {expired && !failure && (
          <Notice tone="info" title="Your session has ended" testid="session-ended">
            <p>Log in again to go on where you were.</p>
          </Notice>
        )}
        {failure && <FailureNotice failure={failure} what={whatFailed(failure)} testid="login-failed" />}
        <label for="name">Name</label>
        <input id="name" ref={field} autocomplete="username" autocapitalize="off" spellcheck={false} required value={name}
          data-testid="login-name" onInput={(event) => setName(event.currentTarget.value)} />
        <label for="password">Password</label>
        <input id="password" type="password" autocomplete="current-password" required value={password}
          data-testid="login-password" onInput={(event) => setPassword(event.currentTarget.value)} />
        <button type="submit" class="button primary wide" disabled={busy} data-testid="login">
          {busy ? 'Logging in…' : 'Log in'}
        </button>
      </form>
    </main>
  );
}

function whatFailed(failure: Failure): string {
  if (failure instanceof Problem && failure.status === 429) return 'Too many attempts: wait a little';
  return 'You are not logged in';
}
