// Pictures and axe findings of each page, in light, dark and 360 px: node look/look.mjs [folder for the pictures]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, startMock } from './browser.mjs';

const folder = process.argv[2] ?? join(tmpdir(), 'ui-shots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(folder, { recursive: true });

const REQUESTS = ['high', 'low', 'plain', 'partly', 'cannot', 'doubt-reconcile', 'long', 'no-arguments', 'executed', 'failed',
  'waiting-to-run', 'doubt', 'rejected', 'expired', 'withdrawn', 'unknown-one'];
const click = (id) => async (page) => page.getByTestId(id).first().click();
const VIEWS = [
  ['login', '', { out: true, wait: 'login' }],
  ['password', '', { person: 'new', wait: 'password-save' }],
  ['inbox', '', { wait: 'rows' }],
  ['inbox-all', '?filter=status%3Aany', { wait: 'rows' }],
  ['inbox-no-match', '?filter=tool%3Anothing', { wait: 'no-match' }],
  ['inbox-new', '', { wait: 'rows', then: async (page, mock) => { await mock.act('add', { count: 3 }); await page.getByTestId('new-pill').waitFor(); } }],
  ['inbox-empty', '', { before: ['empty'], wait: 'empty' }],
  ['inbox-failed', '', { before: ['fail', { on: 'true' }], wait: 'list-failed' }],
  ...REQUESTS.map((id) => [`request-${id}`, `requirements/${id}`, { wait: id === 'unknown-one' ? 'request-failed' : 'facts' }]),
  ...['ask', 'confirm', 'choose', 'secret', 'fields', 'answered', 'outside', 'outside-taken', 'review', 'review-last', 'edited']
    .map((id) => [`kind-${id}`, `requirements/${id}`, { wait: 'facts' }]),
  ['kind-fields-wrong', 'requirements/fields', { wait: 'answer', then: async (page) => { await page.waitForTimeout(600); await page.getByTestId('answer').click(); await page.getByTestId('input-error').first().waitFor(); } }],
  ['kind-edit', 'requirements/big', { wait: 'edit', then: async (page) => {
    await page.waitForTimeout(600);
    await page.getByTestId('edit').click();
    const area = page.getByTestId('edit-value');
    await area.fill((await area.inputValue()).replace('Acme', 'Beta'));
  } }],
  ['kind-respond', 'requirements/plain', { wait: 'respond', then: async (page) => { await page.waitForTimeout(600); await page.getByTestId('respond').click(); } }],
  ['kind-result', 'requirements/outside', { wait: 'result-of', then: async (page) => { await page.waitForTimeout(600); await page.getByTestId('result-of').click(); await page.getByTestId('as-json').check(); await page.getByTestId('value').fill('{"a": }'); } }],
  ['kind-replace', 'requirements/review', { wait: 'replace', then: async (page) => { await page.waitForTimeout(600); await page.getByTestId('replace').click(); } }],
  ['kind-changes', 'requirements/review', { wait: 'changes', then: async (page) => { await page.waitForTimeout(600); await page.getByTestId('changes').click(); } }],
  ['kind-run-held', 'runs/run-1043', { wait: 'held' }],
  ['request-reject', 'requirements/plain', { wait: 'reject', then: click('reject') }],
  ['request-typed', 'requirements/high', { wait: 'approve', then: click('approve') }],
  ['request-happened', 'requirements/doubt-reconcile', { wait: 'happened', then: click('happened') }],
  ['request-canonical', 'requirements/high', { wait: 'facts', then: click('arguments-canonical') }],
  ['request-stolen', 'requirements/stolen', { wait: 'bar', then: async (page, mock) => { await page.waitForTimeout(600); await mock.act('steal', { id: 'stolen' }); await page.getByTestId('outcome').waitFor(); } }],
  ['request-changed', 'requirements/changing', { wait: 'bar', then: async (page, mock) => { await page.waitForTimeout(600); await mock.act('change', { id: 'changing' }); await page.getByTestId('version-changed').waitFor(); } }],
  ['request-mismatch', 'requirements/mismatch', { wait: 'bar', then: async (page) => { await page.getByTestId('approve').click(); await page.getByTestId('mismatch').waitFor(); } }],
  ['request-offline', 'requirements/plain', { wait: 'bar', then: async (page, mock) => { await mock.act('drop', { on: 'true' }); await page.getByTestId('offline').waitFor({ timeout: 10_000 }); } }],
  ['runs', 'runs', { wait: 'runs' }],
  ['run', 'runs/run-1042', { wait: 'run' }],
  ['run-cancel', 'runs/run-1041', { wait: 'cancel-run', then: click('cancel-run') }],
  ['run-failed', 'runs/run-1039', { wait: 'run' }],
  ['mandates', 'mandates', { wait: 'mandates' }],
  ['glass', 'requirements/lent', { wait: 'break-glass', then: async (page) => {
    await page.getByTestId('break-glass').click();
    await page.getByTestId('glass-reason').fill('The press stands');
  } }],
  ['glass-broken', 'requirements/lent', { wait: 'break-glass', then: async (page) => {
    await page.getByTestId('break-glass').click();
    await page.getByTestId('glass-reason').fill('The press stands');
    await page.getByTestId('confirm-glass').click();
    await page.locator('[data-testid=by-mandate][data-kind=BREAK_GLASS]').waitFor();
  } }],
  ['audit', 'audit', { wait: 'records', then: async (page) => page.locator('summary').nth(1).click() }],
  ['audit-broken', 'audit', { before: ['break-audit'], wait: 'verify-broken' }],
  ['help', '', { wait: 'rows', then: click('help') }],
];
const SCREENS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 820 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 820 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  narrow: { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
};

const only = process.env.ONLY?.split(',');
const mock = await startMock();
let findings = 0;
for (const [screen, options] of Object.entries(SCREENS)) {
  const { context, page, complaints } = await open(mock.base, options);
  for (const [name, path, { out, person, before, wait, then }] of VIEWS) {
    if (only && !only.some((part) => name.startsWith(part))) continue;
    await mock.act('drop', { on: 'false' });
    await mock.act('reset');
    if (before) await mock.act(...before);
    if (!out && !person) await mock.act('login');
    await page.evaluate(() => sessionStorage.clear()).catch(() => undefined);
    await page.goto(mock.base + path);
    if (person) {
      await page.getByTestId('login-name').fill(person);
      await page.getByTestId('login-password').fill('correct horse');
      await page.getByTestId('login').click();
    }
    try {
      await page.getByTestId(wait).first().waitFor({ timeout: 5_000 });
      await then?.(page, mock);
    } catch (error) {
      findings += 1;
      console.log(`${screen} ${name}: ${String(error).split('\n')[0]}`);
    }
    await page.waitForTimeout(550);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const { id, nodes: all } of violations) {
      // What lies half below the bar that stays at the bottom can be scrolled free of it.
      const nodes = all.filter((node) => !node.failureSummary.includes('partially obscured'));
      if (nodes.length === 0) continue;
      findings += 1;
      console.log(`${screen} ${name}: axe ${id}: ${nodes.slice(0, 2).map((node) => `${node.target} ${node.failureSummary}`).join(' | ').replaceAll('\n', ' ')}`);
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) console.log(`${screen} ${name}: ${wider} px too wide`, (findings += 1));
    await page.screenshot({ path: `${folder}/${name}-${screen}.png`, fullPage: screen === 'phone' });
  }
  for (const complaint of complaints.splice(0)) console.log(`${screen}: ${complaint}`, (findings += 1));
  await context.close();
}
mock.stop();
console.log(findings === 0 ? 'no findings' : `${findings} findings`);
process.exitCode = findings === 0 ? 0 : 1;
