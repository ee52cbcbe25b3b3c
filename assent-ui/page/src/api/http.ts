import { answered, unreachable } from '../lib/health.ts';
import { base } from '../lib/router.ts';

/** An RFC 9457 problem, or our own words when the server sent none. */
export class Problem extends Error {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly members: Record<string, unknown>;

  constructor(status: number, members: Record<string, unknown>) {
    const title = text(members['title']) ?? `The server answered ${status}`;
    super(title);
    this.status = status;
    this.members = members;
    this.title = title;
    this.detail = text(members['detail']) ?? '';
    this.type = (text(members['type']) ?? '').split('/').pop() ?? '';
  }
}

/** The server could not be asked, or did not answer: nobody knows what became of the request. */
export class Unanswered extends Error {}

export type Failure = Problem | Unanswered;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A body that is JSON text already. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

let onProblem: (problem: Problem) => void = () => {};

/** Called for each problem, so that one place sends people to the login. */
export function watchProblems(listener: (problem: Problem) => void): void {
  onProblem = listener;
}

export async function get<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const suffix = search.size > 0 ? `?${search}` : '';
  return ask<T>(path + suffix, { method: 'GET' });
}

export async function post<T>(path: string, body?: unknown, key?: string): Promise<T> {
  if (!token()) await ask('/me', { method: 'GET' }, true).catch(() => undefined);
  const headers: Record<string, string> = { 'X-XSRF-TOKEN': token() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  return ask<T>(path, { method: 'POST', headers, ...(body === undefined ? {} : { body: body instanceof Raw ? body.text : JSON.stringify(body) }) });
}

async function ask<T>(path: string, request: RequestInit, quiet = false): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${base}api/v1${path}`, {
      ...request,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { Accept: 'application/json, application/problem+json', ...request.headers },
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    unreachable();
    throw new Unanswered('The server does not answer');
  }
  if (response.status >= 502 && response.status <= 504) {
    unreachable();
    throw new Unanswered(`The server does not answer (${response.status})`);
  }
  let body: unknown;
  try {
    body = response.status === 204 ? undefined : await response.json();
  } catch {
    if (response.ok) throw new Unanswered('The answer could not be read');
  }
  answered();
  if (response.ok) return body as T;
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const problem = new Problem(response.status, members);
  if (!quiet) onProblem(problem);
  throw problem;
}

function token(): string {
  const cookie = document.cookie.split('; ').find((entry) => entry.startsWith('XSRF-TOKEN='));
  return cookie ? decodeURIComponent(cookie.slice('XSRF-TOKEN='.length)) : '';
}

/** `crypto.randomUUID` exists in secure contexts only; a server on the office network may be plain HTTP. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
