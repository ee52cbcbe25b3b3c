// One requirement in each state the page has to show. Ids say what they are for.
import { createHash } from 'node:crypto';

export const now = Date.now();
export const at = (minutes) => new Date(now + minutes * 60_000).toISOString();
export const dana = { id: 'p-dana', name: 'Dana Ortiz' };
export const kim = { id: 'p-kim', name: 'Kim Lindqvist' };
export const me = { id: 'p-robin', name: 'Robin Vance' };

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/** What SafeText does, near enough. */
export function shown(text) {
  const out = [];
  for (const point of String(text)) {
    if (point !== '\n' && HIDDEN.test(point)) {
      out.push({ hidden: `U+${point.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}` });
    } else if (out.length > 0 && 'text' in out.at(-1)) {
      out.at(-1).text += point;
    } else {
      out.push({ text: point });
    }
  }
  return out;
}

export function args(value) {
  const fields = [];
  const walk = (node, path, name) => {
    if (node !== null && typeof node === 'object') {
      for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`, key);
      return;
    }
    const text = String(node);
    const type = node === null ? 'null' : typeof node;
    fields.push({ path, name, type, shown: shown(text), ...(text.length > 2000 ? { length: text.length } : {}) });
  };
  walk(value, '', '');
  const canonical = JSON.stringify(value);
  return { canonical, shown: shown(canonical), fields, secrets: 0 };
}

const hex = (text) => createHash('sha256').update(text).digest('hex');

export function requirement(id, value, changes = {}) {
  const version = changes.version ?? 1;
  const digest = hex(id + JSON.stringify(value) + version);
  const tool = changes.tool ?? 'pay_invoice';
  const call = {
    toolCallId: `call-${id}`, tool, status: 'GATED', attempt: 0, requirement: id, child: null, digest, arguments: null,
    result: null, error: null, ...changes.call,
  };
  return {
    id, kind: 'APPROVAL', status: 'PENDING', version, run: 'run-1042', session: 's-88', agent: 'finance_bot',
    toolCallId: call.toolCallId, tool, requester: dana, summary: shown(`${tool} ${JSON.stringify(value).slice(0, 90)}`),
    risk: 'MEDIUM', createdAt: at(-12), deadline: at(48), votes: 0, needed: 1, mayDecide: true, whyNot: null, whyNotCode: null,
    resolvedBy: null, resolvedAt: null, escalatedAt: null, digest, fingerprint: `${digest.slice(0, 4)}-${digest.slice(4, 8)}`,
    message: null, rule: 'amount > 1000 needs one of finance', onExpiry: 'REJECT', approvers: ['role finance'],
    progress: [{ met: false, failed: false, groups: [{ who: 'role finance', approvals: 0, needed: 1, denials: 0, failsAt: 1, failed: false }] }],
    arguments: args(value), agentsWords: shown('The invoice matches the purchase order, so it is safe to pay it now.'),
    decisions: [], runStatus: 'PAUSED', reconciliation: null, form: null, review: null, external: null, edit: null, mayRevoke: false, claim: null, notBefore: null, pinned: null, byMandate: null, mayBreakGlass: false, reasons: null,
    askBack: { rounds: [], may: true, whyNot: null },
    activity: [{ at: at(-12), what: 'opened', by: null }, { at: at(-12), what: 'sent to the inbox', by: null }],
    ...changes, call,
  };
}

export function field(name, input, more = {}) {
  return {
    name, label: shown(name), description: [], input, required: true, nullable: false, secret: false, preset: null, options: [],
    minimum: null, maximum: null, fields: [], item: null, schema: '{}', ...more,
  };
}
const option = (value, label = value) => ({ value: JSON.stringify(value), shown: shown(label) });
const form = (style, prompt, fields, more = {}) => ({
  style, prompt: shown(prompt), secret: fields.some((each) => each.secret), fields, schema: '{}', fallback: null, ...more,
});
const question = (style, prompt, fields, more = {}) => ({
  kind: 'USER_INPUT', risk: 'LOW', rule: 'question of book_trip', tool: 'book_trip', approvers: ['anyone'], agentsWords: null,
  summary: shown(`answer: ${prompt}`), form: form(style, prompt, fields), deadline: null, ...more,
});
const said = (by, verdict, more = {}) => ({ by, verdict, version: 1, reason: null, value: null, hidden: false, at: at(-3), ...more });

const invoice = { invoice_id: 'INV-2031', vendor: 'Acme Corp', amount: 1840.5, currency: 'EUR' };
const done = (status, call, more = {}) => ({
  status, resolvedBy: kim, resolvedAt: at(-3), votes: 1, mayDecide: false, whyNot: 'it is decided',
  decisions: [{ by: kim, verdict: 'APPROVE', reason: null, at: at(-3) }], call, ...more,
});

export function requirements() {
  const list = [
    requirement('high', {
      invoice_id: 'INV-2044', vendor: 'Acme Corp\u202Eproc', amount: '12000', memo: 'Reimbursement\u200B for May\nsee attachment',
      lines: [{ sku: 'A-1', price: 6000 }, { sku: 'A-2', price: 6000 }], urgent: true, cost_centre: null,
    }, {
      risk: 'HIGH', deadline: at(9), summary: shown('Pay 12,000 EUR to Acme Corp\u202Eproc'), needed: 1,
      agentsWords: shown('This was already approved by the CFO. Please approve quickly.\u200B'),
    }),
    requirement('low', { to: 'dana@example.com', subject: 'Your receipt' }, {
      tool: 'send_mail', risk: 'LOW', agent: 'support_bot', deadline: at(600), summary: shown('Send "Your receipt" to dana@example.com'),
      rule: 'every mail to a customer needs one of support', approvers: ['role support', 'Robin Vance'],
    }),
    requirement('plain', invoice, { summary: shown('Pay 1,840.50 EUR to Acme Corp') }),
    requirement('partly', { ...invoice, amount: 58000 }, {
      risk: 'HIGH', votes: 1, needed: 2, summary: shown('Pay 58,000 EUR to Acme Corp'), approvers: ['role finance', 'role cfo'],
      rule: 'amount > 50000 needs two of finance, one of them cfo',
      decisions: [{ by: kim, verdict: 'APPROVE', reason: shown('Checked against the order.'), at: at(-5) }],
    }),
    requirement('lent', { ...invoice, amount: 2100 }, {
      summary: shown('Pay 2,100 EUR to Acme Corp'), byMandate: { id: 'm-2', kind: 'DELEGATION', giver: kim, ends: at(600) }, mayBreakGlass: true,
      votes: 1, needed: 2, decisions: [said(dana, 'APPROVE', { byMandate: { id: 'm-0', kind: 'BREAK_GLASS', giver: dana, ends: at(3) } })],
    }),
    requirement('cannot', { ...invoice, amount: 2200 }, {
      mayDecide: false, whyNot: 'you asked for this run yourself', summary: shown('Pay 2,200 EUR to Globex'), requester: me,
    }),
    requirement('doubt-reconcile', invoice, {
      kind: 'RECONCILIATION', risk: 'HIGH', deadline: null, onExpiry: 'KEEP', summary: shown('Did pay_invoice INV-2031 happen?'),
      rule: null, agentsWords: null, call: { status: 'IN_DOUBT', attempt: 1 },
      reconciliation: {
        attempt: 1, startedAt: at(-30), effectKey: shown('invoice:INV-2031'),
        why: shown('The payment service closed the connection before it answered. Look there for INV-2031 before you say.'),
      },
    }),
    requirement('long', { channel: '#finance', body: 'All numbers of the quarter. '.repeat(400) }, {
      tool: 'post_message', risk: 'MEDIUM', deadline: null, onExpiry: null, summary: shown('Post 11,200 characters to #finance'),
    }),
    requirement('no-arguments', {}, { tool: 'rotate_keys', risk: 'HIGH', summary: shown('Rotate the signing keys'), deadline: at(120), onExpiry: 'CANCEL_RUN' }),
    requirement('changing', { ...invoice, amount: 900 }, { summary: shown('Changes while you look at it'), risk: 'LOW' }),
    requirement('stolen', invoice, { summary: shown('Decided by somebody else while you look at it') }),
    requirement('mismatch', invoice, { summary: shown('Its digest does not match') }),
    requirement('executed', invoice, done('APPROVED', { status: 'SUCCEEDED', attempt: 1, result: shown('{"payment":"P-771","status":"booked"}') }, { runStatus: 'COMPLETED' })),
    requirement('failed', invoice, done('APPROVED', { status: 'FAILED', attempt: 1, error: shown('402 Payment Required: the account has no funds') }, { runStatus: 'RUNNING' })),
    requirement('waiting-to-run', invoice, done('APPROVED', { status: 'APPROVED' })),
    requirement('doubt', invoice, done('APPROVED', { status: 'IN_DOUBT', attempt: 1, requirement: 'doubt-reconcile', error: shown('connection reset') })),
    requirement('rejected', invoice, done('REJECTED', { status: 'REJECTED' }, { decisions: [{ by: kim, verdict: 'REJECT', reason: shown('Wrong vendor.\nAsk Dana.'), at: at(-3) }] })),
    requirement('expired', invoice, { status: 'EXPIRED', deadline: at(-2), resolvedAt: at(-2), mayDecide: false, call: { status: 'EXPIRED' } }),
    requirement('withdrawn', invoice, { status: 'CANCELLED', resolvedBy: dana, resolvedAt: at(-1), mayDecide: false, call: { status: 'CANCELLED' }, runStatus: 'CANCELLED' }),
    requirement('ask', {}, question('TEXT', 'Which hotel\u202E should it be?', [field('answer', 'TEXT')])),
    requirement('confirm', {}, question('CONFIRM', 'Book the flight at 06:10?', [field('answer', 'TEXT')])),
    requirement('choose', {}, question('CHOICE', 'Which seat?', [field('answer', 'CHOICE', { options: [option('window'), option('aisle\u200B'), option('any')] })])),
    requirement('secret', {}, question('TEXT', 'The PIN of the company card', [field('answer', 'TEXT', { secret: true })])),
    requirement('fields', { city: 'Oslo' }, question('FIELDS', 'Who travels?', [
      field('name', 'TEXT', { preset: '"Dana"', description: shown('As in the passport') }),
      field('seats', 'INTEGER', { minimum: '1', maximum: '9007199254740993' }),
      field('price', 'NUMBER', { required: false }),
      field('mail', 'EMAIL'),
      field('day', 'DATE', { required: false, nullable: true }),
      field('at', 'DATE_TIME', { required: false }),
      field('window', 'BOOLEAN'),
      field('class', 'CHOICE', { options: [{ value: '1', shown: shown('First') }, { value: '2', shown: shown('Second') }] }),
      field('meals', 'CHOICES', { required: false, options: [option('fish'), option('rice'), option('none')] }),
      field('stops', 'LIST', { required: false, item: field('', 'TEXT') }),
      field('address', 'GROUP', { required: false, fields: [field('street', 'TEXT'), field('floor', 'INTEGER', { required: false })] }),
      field('card', 'TEXT', { secret: true }),
      field('notes', 'MULTILINE', { required: false }),
      field('extra', 'JSON', { required: false, preset: '{"id":9007199254740993}' }),
    ])),
    requirement('answered', {}, question('TEXT', 'The PIN of the company card', [field('answer', 'TEXT', { secret: true })], {
      status: 'RESOLVED', resolvedBy: kim, resolvedAt: at(-3), mayDecide: false, decisions: [said(kim, 'ANSWER', { hidden: true })],
    })),
    requirement('outside', { build: 4711, target: 'prod\u202E' }, {
      kind: 'EXTERNAL_EXECUTION', tool: 'deploy', risk: 'LOW', rule: 'input of deploy', summary: shown('execute: deploy build 4711'),
      agentsWords: null, call: { status: 'SUSPENDED', attempt: 1 },
      external: { instructions: shown('Run deploy.sh on the build host.\nBring what it prints.'), takenBy: null },
    }),
    requirement('outside-taken', { build: 4712 }, {
      kind: 'EXTERNAL_EXECUTION', tool: 'deploy', risk: 'LOW', summary: shown('execute: deploy build 4712'), agentsWords: null,
      external: { instructions: [], takenBy: kim }, decisions: [said(kim, 'TAKE')],
    }),
    requirement('review', { output: 'x' }, {
      kind: 'REVIEW', tool: 'output', risk: 'LOW', summary: shown('review of the answer of finance_bot: Two invoices'), agentsWords: null,
      review: { output: shown('<b>Two</b> invoices were paid.\u202E\n\n<script>alert(1)</script>'), text: '<b>Two</b> invoices were paid.', ofTheRun: true, round: 1, rounds: 2, mayAskChanges: true },
    }),
    requirement('review-last', { about: 'May' }, {
      kind: 'REVIEW', tool: 'write_report', risk: 'LOW', summary: shown('review of the result of write_report'), agentsWords: null,
      review: { output: shown('All is well.'), text: 'All is well.', ofTheRun: false, round: 2, rounds: 2, mayAskChanges: false },
    }),
    requirement('edited', { ...invoice, amount: 900 }, {
      version: 2, summary: shown('Pay 900 EUR to Acme Corp'), mayDecide: false,
      whyNot: 'You edited the arguments last, so your own approval does not count.', decisions: [said(me, 'EDIT', { value: shown('{"amount":900}') })],
      edit: { by: me, proposed: args(invoice), changes: [{ path: '/amount', before: shown('1840.5'), after: shown('900') }, { path: '/memo', before: null, after: shown('new\u202E') }] },
    }),
    requirement('big', { amount: 1, vendor: 'Acme Corp' }, {
      summary: shown('Pay 9007199254740993 to Acme Corp'), arguments: { ...args({ amount: 1, vendor: 'Acme Corp' }), canonical: '{"amount":9007199254740993,"vendor":"Acme\u202E Corp"}' },
    }),
  ];
  return new Map(list.map((entry) => [entry.id, entry]));
}

export function mandates() {
  const mandate = (id, kind, more = {}) => ({
    id, problem: null, status: 'LIVE', kind, giver: kim, holder: me, tools: ['pay_*'], highest: 'HIGH', requirement: null, begins: at(-30),
    ends: at(600), reason: shown('On holiday\u202E'), givenBy: kim, givenAt: at(-30), revokedBy: null, revokedAt: null, mayRevoke: true, ...more,
  });
  return [
    mandate('m-3', 'OUT_OF_OFFICE', { giver: dana, holder: kim, givenBy: me, status: 'TO_COME', begins: at(60), tools: [], highest: 'MEDIUM', mayRevoke: false }),
    mandate('m-2', 'DELEGATION'),
    { ...mandate('m-1', null), problem: 'mandate-changed', status: null, giver: null, holder: null, tools: [], begins: null, ends: null, reason: null, mayRevoke: false },
  ];
}

export function runs() {
  const run = (id, status, more = {}) => ({
    id, session: 's-88', agent: 'finance_bot', status, createdAt: at(-40), updatedAt: at(-3), requester: dana,
    waitsFor: [], noWorker: false, output: null, error: null, held: null, parent: null, calls: [], messages: [], ...more,
  });
  const call = (id, status, more = {}) => ({
    toolCallId: id, tool: 'pay_invoice', status, attempt: 1, requirement: null, child: null, digest: null, arguments: args(invoice),
    result: null, error: null, ...more,
  });
  const messages = [
    { role: 'user', at: at(-40), text: shown('Pay the open invoices of May.'), tool: null },
    { role: 'assistant', at: at(-39), text: shown('I look them up first.\u202E Two are open.'), tool: null },
    { role: 'tool', at: at(-38), text: shown('[{"id":"INV-2031"},{"id":"INV-2044"}]'), tool: 'list_invoices' },
  ];
  const list = [
    run('run-1042', 'PAUSED', {
      waitsFor: ['high', 'plain'], messages,
      calls: [
        call('c-1', 'SUCCEEDED', { tool: 'list_invoices', result: shown('2 invoices') }),
        call('c-2', 'GATED', { requirement: 'high', attempt: 0 }),
        call('c-4', 'SUSPENDED', { tool: 'research', child: 'run-1041' }),
        call('c-3', 'IN_DOUBT', { requirement: 'doubt-reconcile', error: shown('connection reset') }),
      ],
    }),
    run('run-1041', 'RUNNING', { noWorker: true, agent: 'support_bot', parent: { run: 'run-1042', toolCallId: 'c-4', root: 'run-1042' }, messages: messages.slice(0, 1) }),
    run('run-1043', 'PAUSED', { waitsFor: ['review'], held: { requirement: 'review', text: shown('Two invoices were paid.'), round: 1 } }),
    run('run-1040', 'COMPLETED', { output: shown('Two invoices were paid.'), messages }),
    run('run-1039', 'FAILED', { error: { code: 'model-unavailable', message: shown('The model did not answer in 60 s.') } }),
    run('run-1038', 'CANCELLED'),
  ];
  return new Map(list.map((entry) => [entry.id, entry]));
}

export function auditRecords(count) {
  const types = ['run.started', 'requirement.opened', 'decision.recorded', 'call.started', 'call.succeeded'];
  return Array.from({ length: count }, (_, index) => {
    const position = count - index;
    const type = types[position % types.length];
    return {
      position, at: at(-index * 2), type, run: 'run-1042', requirement: position % 5 === 1 ? 'high' : null,
      by: position % 5 === 2 ? kim.name : null, hash: hex(`record ${position}`), chain: hex(`chain ${position}`),
      record: JSON.stringify({ v: 1, type, run: 'run-1042', at: at(-index * 2) }),
    };
  });
}
