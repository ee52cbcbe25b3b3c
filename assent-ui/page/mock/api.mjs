// A fake of docs/api.md that lives in memory. POST /mock/{name} makes things happen; see `act`.
import { randomBytes } from 'node:crypto';
import * as data from './data.mjs';

export class Api {
  constructor() {
    this.reset();
  }

  reset() {
    this.requirements = data.requirements();
    this.runs = data.runs();
    this.mandates = data.mandates();
    this.audit = data.auditRecords(120);
    this.person = null;
    this.mustChange = false;
    this.broken = false;
    this.failing = false;
    this.drop = false;
    this.answers = new Map();
    this.listeners ??= new Set();
    this.position = 1000;
    this.log = [];
  }

  tell(event, id) {
    this.position += 1;
    for (const send of this.listeners) send(`id: ${this.position}\nevent: ${event}\ndata: ${JSON.stringify({ id })}\n\n`);
  }

  me() {
    return { principal: { ...data.me, roles: ['finance', 'auditor'] }, profile: 'SEPARATED', mustChangePassword: this.mustChange };
  }

  handle(method, path, query, body, headers) {
    const cookie = headers.cookie ?? '';
    if (method === 'POST') {
      const token = /XSRF-TOKEN=([^;]+)/.exec(cookie)?.[1];
      if (!token || headers['x-xsrf-token'] !== token) return problem(403, 'csrf', 'The request carries no valid token');
      this.log.push({ path, body, key: headers['idempotency-key'] ?? null });
    }
    if (path === '/me' && method === 'GET') {
      const set = cookie.includes('XSRF-TOKEN=') ? {} : { 'Set-Cookie': `XSRF-TOKEN=${randomBytes(8).toString('hex')}; Path=/; SameSite=Strict` };
      return this.person ? { status: 200, body: this.me(), headers: set } : { ...problem(401, 'not-logged-in', 'Log in first'), headers: set };
    }
    if (path === '/login') {
      if (body.password !== 'correct horse') return problem(401, 'login-failed', 'Name or password is wrong', 'Nobody is logged in.');
      this.person = body.name;
      this.mustChange = body.name === 'new';
      return ok(this.me());
    }
    if (!this.person) return problem(401, 'not-logged-in', 'Log in first');
    if (path === '/logout') {
      this.person = null;
      return { status: 204 };
    }
    if (path === '/password') {
      if (body.replacement.length < 12) return problem(422, 'weak-password', 'Too weak', 'At least 12 characters.');
      this.mustChange = false;
      return ok(this.me());
    }
    if (this.mustChange) return problem(403, 'password-change-required', 'Change your password first');
    if (this.failing) return problem(500, 'internal', 'Something broke in the server', 'It was logged under 4711.');
    return this.rest(method, path, query, body, headers);
  }

  rest(method, path, query, body, headers) {
    const [, first, id, last] = path.split('/').map(decodeURIComponent);
    if (path === '/agents') {
      return ok({ items: [{ name: 'finance_bot', description: 'Pays invoices' }, { name: 'support_bot', description: 'Answers customers' }] });
    }
    if (first === 'agents' && last === 'runs') return this.start(id, body);
    if (first === 'runs' && !id) return ok({ items: [...this.runs.values()].map(({ calls, messages, ...run }) => run), next: null });
    if (first === 'runs' && last === 'cancel') return this.cancel(id, body);
    if (first === 'runs' && last === 'messages') return { status: 202, body: this.runs.get(id) };
    if (first === 'runs') return this.runs.has(id) ? ok(this.runs.get(id)) : problem(404, 'unknown-run', 'There is no such run');
    if (first === 'requirements' && !id) return this.list(query);
    if (first === 'requirements' && last === 'grant-offer') {
      return ok({ text: [{ text: 'Besides this call, nothing is allowed by a server that is not one.' }], digest: '0'.repeat(64) });
    }
    if (first === 'requirements' && last === 'resolution') return this.resolve(id, body, headers['idempotency-key']);
    if (first === 'requirements') {
      const found = this.requirements.get(id);
      return found ? ok(found) : problem(404, 'unknown-requirement', 'There is no such requirement');
    }
    if (path === '/grants') return ok({ items: [], next: null });
    if (path === '/mandates' && method === 'POST') return this.give(body);
    if (path === '/mandates') return ok({ items: this.mandates, next: null });
    if (first === 'mandates' && last === 'revoke') {
      const found = this.mandates.find((each) => each.id === id);
      return found ? ok(Object.assign(found, { status: 'REVOKED', revokedBy: data.me, revokedAt: data.at(0), mayRevoke: false })) : problem(404, 'unknown-mandate', 'There is no such mandate');
    }
    if (path === '/audit') {
      const after = Number(query.get('after') ?? Infinity);
      const items = this.audit.filter((record) => record.position < after && (!query.get('run') || record.run === query.get('run')));
      const limit = Number(query.get('limit') ?? 50);
      return ok({ items: items.slice(0, limit), next: limit < items.length ? String(items[limit - 1].position) : null });
    }
    if (path === '/audit/verify') {
      return ok(this.broken
        ? { intact: false, records: 120, firstBad: 97, problem: 'The bytes of record 97 do not give its hash.' }
        : { intact: true, records: 120, firstBad: null, problem: null });
    }
    return problem(404, 'unknown', 'There is no such resource');
  }

  give(wish) {
    if (!wish.reason && wish.kind === 'BREAK_GLASS') return problem(422, 'invalid-mandate', 'That cannot be a mandate', 'say why the glass is broken');
    const mandate = {
      id: `m-${this.mandates.length + 1}`, problem: null, status: 'LIVE', kind: wish.kind, giver: data.me, holder: wish.to ? { id: wish.to, name: wish.to } : data.me,
      tools: wish.tools ?? [], highest: wish.highest ?? 'HIGH', requirement: wish.requirement ?? null, begins: wish.begins ?? data.at(0),
      ends: wish.ends ?? data.at(wish.minutes ?? 15), reason: wish.reason ? data.shown(wish.reason) : null, givenBy: data.me, givenAt: data.at(0), revokedBy: null, revokedAt: null, mayRevoke: true,
    };
    this.mandates.unshift(mandate);
    const about = wish.requirement && this.requirements.get(wish.requirement);
    if (about) Object.assign(about, { mayBreakGlass: false, byMandate: { id: mandate.id, kind: wish.kind, giver: data.me, ends: mandate.ends } });
    return { status: 201, body: mandate };
  }

  list(query) {
    const want = (name) => query.get(name);
    const all = [...this.requirements.values()].filter((item) =>
      ['status', 'kind', 'agent', 'tool', 'run', 'risk'].every((name) => !want(name) || item[name] === want(name))
      && (!want('q') || JSON.stringify(item.summary).toLowerCase().includes(want('q').toLowerCase())));
    all.sort((a, b) => (a.deadline ?? '9').localeCompare(b.deadline ?? '9') || a.createdAt.localeCompare(b.createdAt));
    const from = Number(want('after') ?? 0);
    const limit = Number(want('limit') ?? 50);
    const items = all.slice(from, from + limit);
    return ok({ items, next: from + limit < all.length ? String(from + limit) : null, total: all.length });
  }

  start(agent, body) {
    const id = `run-${1043 + this.runs.size}`;
    const at = new Date().toISOString();
    this.runs = new Map([[id, {
      ...this.runs.get('run-1038'), id, agent, status: 'RUNNING', createdAt: at, updatedAt: at,
      messages: [{ role: 'user', at, text: data.shown(body.message), tool: null }],
    }], ...this.runs]);
    this.tell('run', id);
    return { status: 202, body: this.runs.get(id) };
  }

  cancel(id, body) {
    if (Object.keys(body ?? {}).length > 0) return problem(400, 'malformed-json', 'The body is not valid', 'It has no members.');
    const run = this.runs.get(id);
    if (!['RUNNING', 'PAUSED'].includes(run.status)) return problem(409, 'run-finished', 'The run has already finished');
    run.status = 'CANCELLED';
    run.waitsFor = [];
    this.tell('run', id);
    const { calls, messages, ...view } = run;
    return { status: 202, body: view };
  }

  resolve(id, body, key) {
    if (!key) return problem(428, 'idempotency-key-required', 'An Idempotency-Key is required');
    const item = this.requirements.get(id);
    const before = this.answers.get(key);
    if (before) return before.body === JSON.stringify(body) ? before.answer : problem(422, 'idempotency-key-reused', 'This key was used');
    if (id === 'mismatch') return problem(409, 'digest-mismatch', 'What was shown is not what is stored');
    if (!item.mayDecide) return problem(403, 'not-entitled', 'You cannot decide this', item.whyNot);
    if (item.status === 'CANCELLED') return problem(409, 'withdrawn', 'The run was cancelled');
    if (item.status === 'EXPIRED') return problem(409, 'expired', 'The deadline has passed');
    if (item.status !== 'PENDING') return problem(409, 'already-resolved', 'Already decided', '', { resolvedBy: item.resolvedBy, resolvedAt: item.resolvedAt });
    if (item.version !== body.version) return problem(409, 'stale-version', 'Another version is to be decided', '', { version: item.version, shownVersion: body.version });
    if (item.digest !== body.digest) return problem(409, 'digest-mismatch', 'What was shown is not what is stored');
    if (body.verdict === 'ANSWER' && body.value.seats === 13) {
      return problem(422, 'invalid-resolution', 'This does not resolve the requirement', '/seats: must not be 13', {
        errors: [{ member: 'value', path: '/seats', message: 'must not be 13' }],
      });
    }
    if (item.risk === 'HIGH' && body.verdict === 'APPROVE' && body.typed !== item.tool) return problem(422, 'typed-confirmation-required', 'Type the tool’s name');
    const answer = ok(this.vote(item, body, data.me));
    this.answers.set(key, { body: JSON.stringify(body), answer });
    return answer;
  }

  vote(item, body, by) {
    const at = new Date().toISOString();
    if (body.verdict === 'ASK_BACK') return this.asksBack(item, body, by, at);
    if (body.verdict === 'EDIT' || body.verdict === 'TAKE') return this.goesOn(item, body, by, at);
    const ends = { APPROVE: 'APPROVED', REJECT: 'REJECTED', RESPOND: 'REJECTED', DECLINE: 'REJECTED' }[body.verdict] ?? 'RESOLVED';
    const votes = body.verdict === 'APPROVE' ? item.votes + 1 : item.votes;
    const over = ends !== 'APPROVED' || votes >= item.needed;
    const next = {
      ...item, votes, decisions: [...item.decisions, { by, verdict: body.verdict, version: item.version, reason: body.reason ? data.shown(body.reason) : null, value: null, hidden: false, at }],
      activity: [...item.activity, { at, what: body.verdict.toLowerCase(), by }],
      ...(over ? { status: ends, resolvedBy: by, resolvedAt: at, mayDecide: false } : { mayDecide: by !== data.me, whyNot: 'you have voted already' }),
      call: { ...item.call, status: over && ends !== 'RESOLVED' ? ends : item.call.status },
    };
    this.requirements.set(item.id, next);
    this.tell('requirement', item.id);
    return next;
  }

  /** The agent answers in words at once, and changes nothing. */
  asksBack(item, body, by, at) {
    const question = data.shown(body.reason);
    const answer = { words: data.shown('Invoice 7 says so.'), note: null, at, version: item.version, changes: null };
    const next = {
      ...item, decisions: [...item.decisions, { by, verdict: 'ASK_BACK', version: item.version, reason: question, value: null, hidden: false, at }],
      askBack: { ...item.askBack, rounds: [...item.askBack.rounds, { question, by, at, version: item.version, answer }] },
    };
    this.requirements.set(item.id, next);
    this.tell('requirement', item.id);
    return next;
  }

  /** Not closed by it: a new version that others approve, or a call that somebody has begun with. */
  goesOn(item, body, by, at) {
    const decisions = [...item.decisions, { by, verdict: body.verdict, version: item.version, reason: null, value: null, hidden: false, at }];
    const next = body.verdict === 'TAKE'
      ? { ...item, decisions, external: { ...item.external, takenBy: by } }
      : {
        ...item, decisions, version: item.version + 1, digest: item.digest.replace(/^../, '9e'), mayDecide: false,
        whyNot: 'You edited the arguments last, so your own approval does not count.',
        edit: { by, proposed: item.arguments, changes: body.patch.map((each) => ({ path: each.path, before: null, after: data.shown(JSON.stringify(each.value)) })) },
      };
    this.requirements.set(item.id, next);
    this.tell('requirement', item.id);
    return next;
  }

  /** What a test or a person at the mock can make happen. */
  act(name, query) {
    const id = query.get('id');
    const item = this.requirements.get(id);
    if (name === 'reset') this.reset();
    if (name === 'login') this.person = 'robin';
    if (name === 'expire-session') this.person = null;
    if (name === 'steal') this.vote(item, { verdict: query.get('verdict') ?? 'APPROVE', reason: 'I was faster.' }, data.kim);
    if (name === 'change') {
      this.requirements.set(id, data.requirement(id, { invoice_id: 'INV-2031', amount: 90000 }, {
        version: item.version + 1, summary: item.summary,
        activity: [...item.activity, { at: new Date().toISOString(), what: 'edited', by: data.kim }],
      }));
      this.tell('requirement', id);
    }
    if (name === 'add') {
      for (let n = 0; n < Number(query.get('count') ?? 1); n += 1) {
        const fresh = `new-${this.requirements.size}`;
        this.requirements.set(fresh, data.requirement(fresh, { n: this.requirements.size }, { createdAt: new Date().toISOString(), deadline: data.at(Number(query.get('due') ?? 30) + n) }));
        this.tell('requirement', fresh);
      }
    }
    if (name === 'tamper') {
      this.requirements.set(id, { ...item, digest: item.digest.replace(/^..../, '0000') });
      this.tell('requirement', id);
    }
    if (name === 'execute') {
      this.requirements.set(id, { ...item, call: { ...item.call, status: query.get('status'), result: data.shown('done') } });
      this.tell('run', item.run);
    }
    if (name === 'empty') this.requirements.clear();
    if (name === 'break-audit') this.broken = true;
    if (name === 'fail') this.failing = query.get('on') === 'true';
    if (name === 'drop') this.drop = query.get('on') === 'true';
    return name === 'log' ? this.log : { done: name };
  }
}

function ok(body) {
  return { status: 200, body };
}

function problem(status, type, title, detail = '', members = {}) {
  return { status, body: { type: `/problems/${type}`, title, status, ...(detail ? { detail } : {}), ...members } };
}
