import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { logout } from '../account/session.ts';
import type { Me } from '../api/types.ts';
import { announcement } from '../lib/announce.ts';
import { health } from '../lib/health.ts';
import { useKeys } from '../lib/keys.ts';
import { place } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { span, useNow } from '../lib/time.ts';
import { GlassBanner } from '../mandates/glass.tsx';
import { Help } from './help.tsx';
import { Link } from './link.tsx';
import { Name } from './shown.tsx';

const PAGES = [
  { to: '', name: 'Inbox', of: ['inbox', 'request'] },
  { to: 'runs', name: 'Runs', of: ['runs', 'run'] },
  { to: 'grants', name: 'Grants', of: ['grants'] },
  { to: 'mandates', name: 'Mandates', of: ['mandates'] },
  { to: 'audit', name: 'Audit', of: ['audit'] },
];

export function Shell({ me, children }: { me: Me; children: ComponentChildren }) {
  const { route } = useStore(place);
  const [help, setHelp] = useState(false);
  useKeys({ '?': () => setHelp(true) });
  return (
    <div class="shell">
      <a class="skip" href="#main">Skip to content</a>
      <header class="top">
        <span class="brand" aria-hidden="true">Assent</span>
        <nav aria-label="Main">
          {PAGES.map(({ to, name, of }) => (
            <Link key={name} to={to} class="nav" aria-current={of.includes(route.page) ? 'page' : undefined}
              data-testid={`nav-${name.toLowerCase()}`}>
              {name}
            </Link>
          ))}
        </nav>
        <div class="top-end">
          <Connection />
          <button type="button" class="button icon" onClick={() => setHelp(true)} aria-label="Keyboard shortcuts"
            data-testid="help">?</button>
          <span class="who" title={`${me.profile.toLowerCase()} profile`} data-testid="who">
            <Name text={me.principal.name} />
          </span>
          <button type="button" class="button small plain" onClick={() => void logout()} data-testid="logout">
            Log out
          </button>
        </div>
      </header>
      <OfflineBanner />
      <GlassBanner />
      <main id="main" tabIndex={-1} class={`page page-${route.page}`}>{children}</main>
      {help && <Help close={() => setHelp(false)} />}
    </div>
  );
}

/** The one place that speaks to screen readers by itself. */
export function Announcer() {
  const text = useStore(announcement);
  return <div class="sr" role="status" aria-live="polite" data-testid="announcer">{text}</div>;
}

function Connection() {
  const { reachable, live } = useStore(health);
  const [state, words] = !reachable ? ['off', 'Offline'] : live ? ['on', 'Live'] : ['mid', 'Connecting'];
  return (
    <span class={`connection ${state}`} data-testid="connection" data-state={state}
      title={live ? 'Changes appear by themselves' : 'Changes appear once a minute'}>
      <i aria-hidden="true" />
      <span class="connection-word">{words}</span>
    </span>
  );
}

function OfflineBanner() {
  const { reachable, lastAnswer } = useStore(health);
  const now = useNow(5_000);
  if (reachable) return null;
  return (
    <div class="offline" role="alert" data-testid="offline">
      <strong>The server cannot be reached.</strong> What you see is {span(now - lastAnswer)} old; nothing can be decided.
      Trying again by itself.
    </div>
  );
}
