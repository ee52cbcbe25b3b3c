import { useEffect } from 'preact/hooks';
import { Login } from './account/login.tsx';
import { PasswordChange } from './account/password.tsx';
import { askWho, session } from './account/session.ts';
import { AuditPage } from './audit/page.tsx';
import { GrantsPage } from './grants/page.tsx';
import { InboxList } from './inbox/list.tsx';
import { place, visits } from './lib/router.ts';
import { useStore } from './lib/store.ts';
import { MandatesPage } from './mandates/page.tsx';
import { RequestPage } from './request/page.tsx';
import { RunPage } from './runs/run.tsx';
import { RunsPage } from './runs/list.tsx';
import { Link } from './ui/link.tsx';
import { FailureNotice } from './ui/notice.tsx';
import { Announcer, Shell } from './ui/shell.tsx';

export function App() {
  return (
    <>
      <Content />
      <Announcer />
    </>
  );
}

function Content() {
  const now = useStore(session);
  switch (now.phase) {
    case 'asking':
      return <main class="gate" id="main"><p class="muted" role="status">Loading…</p></main>;
    case 'unknown':
      return (
        <main class="gate" id="main">
          <div class="gate-card">
            <h1>Assent</h1>
            <FailureNotice failure={now.failure} what="The inbox could not be loaded" retry={() => void askWho()} />
          </div>
        </main>
      );
    case 'out':
      return <Login expired={now.expired} />;
    case 'in':
      if (now.me.mustChangePassword) return <PasswordChange name={now.me.principal.name} />;
      return <Shell me={now.me}><Pages /></Shell>;
  }
}

function Pages() {
  const { route } = useStore(place);
  useTitle();
  switch (route.page) {
    case 'inbox':
    case 'request':
      return (
        <div class={`split${route.page === 'request' ? ' has-open' : ''}`}>
          <InboxList openId={route.page === 'request' ? route.id : null} />
          {route.page === 'request' ? <RequestPage key={route.id} id={route.id} /> : <NothingOpen />}
        </div>
      );
    case 'runs':
      return <RunsPage />;
    case 'run':
      return <RunPage key={route.id} id={route.id} />;
    case 'grants':
      return <GrantsPage />;
    case 'mandates':
      return <MandatesPage />;
    case 'audit':
      return <AuditPage />;
    case 'unknown':
      return (
        <div class="empty">
          <h1 class="empty-title" tabIndex={-1} data-page-title>There is no such page</h1>
          <Link to="">Go to the inbox</Link>
        </div>
      );
  }
}

function NothingOpen() {
  return (
    <div class="detail nothing" aria-hidden="true">
      <p>Open a requirement to see all of it.</p>
    </div>
  );
}

/** After a person went somewhere the focus goes to that page's title, as it would after a page load. */
function useTitle(): void {
  const { route } = useStore(place);
  const visit = useStore(visits);
  useEffect(() => {
    if (visit === 0) return;
    let tries = 0;
    const timer = setInterval(() => {
      const scope = route.page === 'request' ? '.detail ' : '';
      const title = document.querySelector<HTMLElement>(`${scope}[data-page-title]`);
      if (title) title.focus({ preventScroll: route.page !== 'request' });
      if (title || ++tries > 200) clearInterval(timer);
    }, 50);
    // A title that arrives late must not take the focus from somebody who has gone on.
    const stop = () => clearInterval(timer);
    addEventListener('keydown', stop, { once: true });
    addEventListener('pointerdown', stop, { once: true });
    return () => {
      stop();
      removeEventListener('keydown', stop);
      removeEventListener('pointerdown', stop);
    };
  }, [visit]);
}
