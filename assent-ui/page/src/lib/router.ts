import { store } from './store.ts';

export type Route =
  | { page: 'inbox' }
  | { page: 'request'; id: string }
  | { page: 'runs' }
  | { page: 'run'; id: string }
  | { page: 'grants' }
  | { page: 'mandates' }
  | { page: 'audit' }
  | { page: 'unknown' };

export interface Place {
  route: Route;
  search: string;
}

const KNOWN = /^(.*?\/)(requirements\/[^/]+|runs\/[^/]+|runs|grants|mandates|audit)?$/;

/** The folder the page is served below: `/`, or a prefix when it lives inside another application. */
export function baseOf(pathname: string, script: string): string {
  const known = KNOWN.exec(pathname);
  const below = new URL('..', script).pathname;
  if (known?.[2] || pathname === below) return known?.[1] ?? below;
  return pathname.startsWith(below) ? below : '/';
}

export function routeOf(path: string): Route {
  const [page, id, ...rest] = path.split('/');
  if (rest.length > 0) return { page: 'unknown' };
  if (page === '' && id === undefined) return { page: 'inbox' };
  if (page === 'requirements' && id) return { page: 'request', id: decoded(id) };
  if (page === 'runs') return id ? { page: 'run', id: decoded(id) } : { page: 'runs' };
  if (page === 'grants' && id === undefined) return { page: 'grants' };
  if (page === 'mandates' && id === undefined) return { page: 'mandates' };
  if (page === 'audit' && id === undefined) return { page: 'audit' };
  return { page: 'unknown' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const inBrowser = typeof location !== 'undefined';
export const base = inBrowser ? baseOf(location.pathname, import.meta.url) : '/';

function here(): Place {
  if (!inBrowser) return { route: { page: 'inbox' }, search: '' };
  return { route: routeOf(location.pathname.slice(base.length)), search: location.search };
}

export const place = store<Place>(here());

/** Goes up each time a person navigates, so that a page can tell this from a change that came by itself. */
export const visits = store(0);

export function href(path: string, search = ''): string {
  return base + path + search;
}

export function go(path: string, search = '', replace = false): void {
  const url = href(path, search);
  if (url === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  place.set(here());
  if (!replace) visits.set(visits.get() + 1);
}

export function startRouter(): void {
  // A relative address would be read anew below each page that is gone to.
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (icon) icon.href = icon.href;
  addEventListener('popstate', () => {
    place.set(here());
    visits.set(visits.get() + 1);
  });
}
