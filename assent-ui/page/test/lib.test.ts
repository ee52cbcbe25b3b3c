import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Guard } from '../src/lib/guard.ts';
import { changes, isNumber, parse, patch, write } from '../src/lib/json.ts';
import { isDefault, parseFilter, withToken } from '../src/lib/query.ts';
import { baseOf, routeOf } from '../src/lib/router.ts';
import type { Requirement } from '../src/api/types.ts';
import { argumentsOf, FIRST, scopeOf } from '../src/request/scope.ts';
import { groupWords, reasonsWords } from '../src/request/standing.ts';
import { lacks, wanted, why } from '../src/request/why.ts';
import { hiddenIn, safe, segments } from '../src/lib/text.ts';
import { span, until } from '../src/lib/time.ts';
import type { Mandate } from '../src/api/types.ts';
import { broken, EMPTY, toolsOf, wishOf } from '../src/mandates/wish.ts';

test('JSON keeps every digit and the order of members (X48)', () => {
  const text = '{"id":9007199254740993,"rate":0.1000000000000000055,"b":[true,null,-1.50e+3],"a/b":{"~":"x"}}';
  assert.equal(write(parse(text)), text);
  assert.equal(write(parse(' [ ] ')), '[]');
  assert.equal(write(parse('{"a":[1,{}]}'), '  '), '{\n  "a": [\n    1,\n    {}\n  ]\n}');
  assert.equal(write('a\u202Eb\u{E0041}'), '"a\\u202eb\\udb40\\udc41"');
});

test('a mandate is sent as it was filled in, or says what is wrong', () => {
  const now = Date.parse('2026-11-21T20:00:00Z');
  const made = (draft: object) => wishOf({ ...EMPTY, to: ' bob ', ends: '2026-11-22T00:00:00Z', ...draft }, now);
  assert.deepEqual(made({}), {
    wish: { kind: 'DELEGATION', to: 'bob', tools: [], highest: 'HIGH', ends: '2026-11-22T00:00:00.000Z' },
  });
  assert.deepEqual(made({ kind: 'OUT_OF_OFFICE', giver: 'ada', tools: 'pay_*, mail pay_*', begins: '2026-11-21T21:00:00Z', reason: ' ill ', highest: 'LOW' }), {
    wish: {
      kind: 'OUT_OF_OFFICE', to: 'bob', tools: ['pay_*', 'mail'], highest: 'LOW', ends: '2026-11-22T00:00:00.000Z',
      begins: '2026-11-21T21:00:00.000Z', giver: 'ada', reason: 'ill',
    },
  });
  assert.ok(!('giver' in (made({ giver: 'ada' }) as { wish: object }).wish), 'one delegates for oneself');
  for (const draft of [{ to: ' ' }, { ends: '' }, { ends: '2026-11-21T20:00:00Z' }, { begins: '2026-11-23T00:00:00Z' }, { begins: 'soon' }]) {
    assert.ok('wrong' in made(draft), JSON.stringify(draft));
  }
  assert.deepEqual(toolsOf(' ,, '), []);
});

test('the banner shows what breaks the glass now', () => {
  const now = Date.parse('2026-11-21T20:00:00Z');
  const glass = { kind: 'BREAK_GLASS', status: 'LIVE', ends: '2026-11-21T20:00:01Z' } as Mandate;
  const others = [{ ...glass, ends: '2026-11-21T20:00:00Z' }, { ...glass, status: 'REVOKED' }, { ...glass, kind: 'DELEGATION' }, { ...glass, ends: null }];
  assert.deepEqual(broken([...others as Mandate[], glass], now), [glass]);
});

test('what is allowed for longer goes as it was typed (X13, X48)', () => {
  const now = Date.parse('2026-11-21T20:00:00.500Z');
  const made = (wish: object) => scopeOf({ ...FIRST, ...wish }, now);
  assert.deepEqual(argumentsOf('{"amount":5,"to":"Acme","x":[1]}'), [
    { name: 'amount', number: true, text: false }, { name: 'to', number: false, text: true }, { name: 'x', number: false, text: false },
  ]);
  assert.deepEqual(made({}), {
    scope: '{"reach":"SESSION","until":"2026-11-22T04:00:00.000Z","arguments":{"type":"exact"}}',
  });
  assert.deepEqual(made({
    reach: 'AGENT', arguments: 'matching', uses: '3', hours: '1',
    rules: { amount: { kind: 'most', value: '9007199254740993.10' }, to: { kind: 'same' }, memo: { kind: 'anything' }, no: { kind: 'like', value: 'A*' } },
    budgetOf: 'amount', budgetMost: '1e3', budgetHours: '24',
  }), {
    scope: '{"reach":"AGENT","until":"2026-11-21T21:00:00.000Z","arguments":{"type":"matching","rules":{"amount":{"type":"number","most":9007199254740993.10},'
      + '"memo":{"type":"any"},"no":{"type":"text","glob":"A*"}}},"uses":3,"budget":{"argument":"amount","most":1e3,"window":"PT86400S"}}',
  });
  for (const wish of [{ hours: '' }, { hours: '-1' }, { hours: '99999' }, { uses: '0' }, { uses: '1.5' },
    { arguments: 'matching', rules: { a: { kind: 'most', value: '' } } }, { budgetOf: 'a', budgetMost: 'x' }]) {
    assert.ok('missing' in made(wish), JSON.stringify(wish));
  }
});

test('a reason is asked for as the rules want it, and a code goes only where one is wanted', () => {
  const of = (approve: string[] | null, reject: string[] | null) => ({ reasons: { approve, reject } }) as unknown as Requirement;
  assert.equal(wanted(of(null, ['fraud']), 'APPROVE'), null);
  assert.deepEqual(wanted(of(null, ['fraud']), 'RESPOND'), ['fraud']);
  assert.equal(wanted(of([], []), 'EDIT'), null);
  assert.equal(wanted({ reasons: null } as unknown as Requirement, 'REJECT'), null);
  for (const [codes, reason, reasonCode, missing] of [
    [null, '', '', false], [[], ' \n', 'fraud', true], [[], 'x', '', false],
    [['fraud'], 'in words only', '', true], [['fraud'], '', 'other', true], [['fraud'], '', 'fraud', false],
  ] as const) {
    assert.equal(lacks(codes, { reason, reasonCode }), missing, JSON.stringify([codes, reason, reasonCode]));
  }
  assert.deepEqual(why(['fraud'], { reason: ' ', reasonCode: 'fraud' }), { reasonCode: 'fraud' });
  assert.deepEqual(why([], { reason: 'late', reasonCode: 'fraud' }), { reason: 'late' });
  assert.equal(reasonsWords({ approve: [], reject: ['fraud', 'other'] }), 'approving needs a reason; rejecting needs a reason: fraud, other');
});

test('a group that is asked later says from when on (C18)', () => {
  const group = { who: 'role cfo', approvals: 0, needed: 1, denials: 0, failsAt: 1, failed: false };
  assert.equal(groupWords({ ...group, from: null }), 'role cfo: 0 of 1 approved');
  assert.ok(groupWords({ ...group, from: '2026-11-21T20:00:00Z' }).startsWith('role cfo: 0 of 1 approved, not before '));
});

test('what is no JSON says where', () => {
  for (const text of ['', '{', '{"a"}', '{"a":1,}', '[1,]', '01', '+1', '"\n"', '{"a":1,"a":2}', 'nul', '1 2', '[1e]', "'a'"]) {
    assert.throws(() => parse(text), /line 1, column \d+/, text);
  }
  assert.throws(() => parse('[1,\n 2,\n x]'), /line 3, column 2/);
  assert.ok(isNumber('-0.5e10') && !isNumber('1.') && !isNumber('1e') && !isNumber(' 1'));
});

test('an edit is a patch of what differs, and of nothing else (X26, X48)', () => {
  const before = parse('{"id":9007199254740993,"to":"a","lines":[1,2,3],"x/y~z":1,"gone":0}');
  const after = parse('{"id":9007199254740993,"to":"b","lines":[1,9],"x/y~z":2,"new":12345678901234567890}');
  assert.equal(patch(changes(before, after)), JSON.stringify([
    { op: 'replace', path: '/to', value: 'b' }, { op: 'replace', path: '/lines/1', value: 9 }, { op: 'remove', path: '/lines/2' },
    { op: 'replace', path: '/x~1y~0z', value: 2 }, { op: 'remove', path: '/gone' }, { op: 'add', path: '/new', value: 0 },
  ]).replace('"value":0', '"value":12345678901234567890'));
  assert.deepEqual(changes(before, before), []);
});

test('tokens become parameters and the rest is free text', () => {
  assert.deepEqual(parseFilter('tool:pay_invoice risk:high acme "big corp"'), {
    status: 'PENDING', tool: 'pay_invoice', risk: 'HIGH', q: 'acme big corp',
  });
  assert.deepEqual(parseFilter('status:any kind:external-execution'), { kind: 'EXTERNAL_EXECUTION' });
  assert.deepEqual(parseFilter('http://x'), { status: 'PENDING', q: 'http://x' });
  assert.ok(isDefault(parseFilter('  ')));
});

test('a token is replaced and taken out', () => {
  assert.equal(withToken('acme', 'status', 'any'), 'acme status:any');
  assert.equal(withToken('status:any acme', 'status', ''), 'acme');
});

test('hidden characters of plain strings are shown (X47)', () => {
  assert.deepEqual(segments('a\u202Eb'), [{ text: 'a' }, { hidden: 'U+202E' }, { text: 'b' }]);
  assert.equal(safe('pay\u200B_all\u0000\u{E0041}'), 'pay⟨U+200B⟩_all⟨U+0000⟩⟨U+E0041⟩');
  assert.equal(hiddenIn([segments('\u200B\u200B')])[0]?.count, 2);
});

test('nothing decides for 400 ms after a change, counted from when the press began (X49)', () => {
  const guard = new Guard(1000);
  guard.pressed(1399);
  assert.ok(!guard.allows(1450), 'pressed on the old content, let go on the new one');
  guard.pressed(1400);
  assert.ok(guard.allows(1450));
  guard.changed(2000);
  assert.ok(!guard.allows(2399), 'a click without a press before it');
  assert.ok(guard.allows(2400));
});

test('a held key never decides (X49)', () => {
  const guard = new Guard(0);
  guard.pressed(5000, true);
  assert.ok(!guard.allows(5000));
});

test('the base is found below a prefix, on a reload of a deep link and on unknown pages', () => {
  assert.equal(baseOf('/', 'http://h/assets/i.js'), '/');
  assert.equal(baseOf('/requirements/r1', 'http://h/assets/i.js'), '/');
  assert.equal(baseOf('/tools/assent/runs/r1', 'http://h/tools/assent/assets/i.js'), '/tools/assent/');
  assert.equal(baseOf('/tools/assent/', 'http://h/tools/assent/assets/i.js'), '/tools/assent/');
  assert.equal(baseOf('/tools/assent/what/is/this', 'http://h/tools/assent/assets/i.js'), '/tools/assent/');
});

test('routes', () => {
  assert.deepEqual(routeOf('requirements/a%2Fb'), { page: 'request', id: 'a/b' });
  assert.deepEqual(routeOf(''), { page: 'inbox' });
  assert.deepEqual(routeOf('nothing'), { page: 'unknown' });
});

test('times in words', () => {
  assert.equal(span(59_000), '59 s');
  assert.equal(span(3_600_000), '1 h');
  assert.equal(until(new Date(1_200_000).toISOString(), 0), 'in 20 min');
});
