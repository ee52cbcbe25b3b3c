// How the page behaves in a real browser against the mock. Builds nothing: run `npm run build` first.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { open, startMock } from './browser.mjs';

let mock;
let browser;
let page;

before(async () => {
  mock = await startMock();
  browser = await open(mock.base, { viewport: { width: 1280, height: 820 } });
});
after(async () => {
  await browser.context.close();
  mock.stop();
});
beforeEach(async () => {
  await mock.act('drop', { on: 'false' });
  await mock.act('reset');
  await mock.act('login');
  await page?.close();
  page = await browser.context.newPage();
});

const id = (name) => page.getByTestId(name);
const visit = async (path, wait) => {
  await page.goto(mock.base + path);
  await id(wait).first().waitFor();
};
const settled = () => page.locator('[data-testid=bar][data-settled=true]').waitFor();
const votes = async () => (await mock.act('log')).filter((entry) => entry.path.endsWith('/resolution'));
const connected = () => page.locator('[data-state=on]').waitFor();

test('approving sends the version and digest that were shown, with a key', async () => {
  await visit('requirements/plain', 'approve');
  await id('approve').click();
  await id('outcome').waitFor();

  const [vote] = await votes();
  assert.equal(vote.body.verdict, 'APPROVE');
  assert.equal(vote.body.version, 1);
  assert.match(vote.body.digest, /^[0-9a-f]{64}$/);
  assert.ok(vote.key);
  assert.match(await id('outcome').innerText(), /Approved by Robin Vance/);
});

test('X49: nothing decides for 400 ms after the card appears', async () => {
  await page.goto(`${mock.base}requirements/plain`);
  await page.evaluate(() => new Promise((done) => {
    const timer = setInterval(() => {
      const button = document.querySelector('[data-testid=approve]');
      if (!button) return;
      clearInterval(timer);
      button.click();
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
      done();
    }, 5);
  }));
  await page.waitForTimeout(300);
  assert.deepEqual(await votes(), []);
});

test('X49: a change under the pointer restarts the quiet time', async () => {
  await visit('requirements/partly', 'approve');
  await settled();
  await connected();
  await mock.act('execute', { id: 'partly', status: 'GATED' });
  await mock.act('change', { id: 'partly' });
  await id('version-changed').waitFor();
  await page.keyboard.press('a');
  await page.waitForTimeout(500);
  await page.keyboard.press('a');
  await page.waitForTimeout(200);
  assert.deepEqual(await votes(), []);
  await id('show-newer').click();
  await page.getByText('90000').first().waitFor();
});

test('X49: a double click on Reject… does not reject, and a held Enter does not approve', async () => {
  await visit('requirements/plain', 'reject');
  await settled();
  await id('reject').dblclick();
  await page.waitForTimeout(200);
  assert.deepEqual(await votes(), []);
  await page.keyboard.press('Escape');
  await settled();
  await id('approve').focus();
  await page.evaluate(() => {
    const button = document.activeElement;
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true }));
    button.click();
  });
  await page.waitForTimeout(200);
  assert.deepEqual(await votes(), []);
});

test('keys never act in a field, and can be turned off', async () => {
  await visit('requirements/plain', 'approve');
  await settled();
  await page.keyboard.press('/');
  await page.keyboard.type('a r');
  await page.waitForTimeout(500);
  assert.deepEqual(await votes(), []);
  assert.equal(await id('filter').inputValue(), 'a r');

  await page.goto(`${mock.base}requirements/plain`);
  await settled();
  await page.keyboard.press('?');
  await id('shortcuts-switch').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.waitForTimeout(300);
  assert.deepEqual(await votes(), []);
  await page.evaluate(() => localStorage.clear());
});

test('j, o and a: from the list to a decision without a mouse', async () => {
  await visit('', 'rows');
  for (const key of ['j', 'j', 'o']) await page.keyboard.press(key);
  await settled();
  assert.match(page.url(), /requirements\/plain$/);
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  await page.keyboard.press('a');
  await id('outcome').waitFor();
  assert.equal((await votes()).length, 1);
});

test('high risk needs the tool’s name', async () => {
  await visit('requirements/high', 'approve');
  await settled();
  await page.keyboard.press('a');
  await id('typed').fill('pay_invoic');
  await page.waitForTimeout(450);
  await page.keyboard.press('Enter');
  assert.deepEqual(await votes(), []);
  await id('typed').fill('pay_invoice');
  await id('confirm-approve').click();
  await id('outcome').waitFor();
  assert.equal((await votes())[0].body.typed, 'pay_invoice');
});

test('X45: approving needs the whole of a long value', async () => {
  await visit('requirements/long', 'unread');
  await settled();
  await page.keyboard.press('a');
  await id('approve').click({ force: true });
  assert.deepEqual(await votes(), []);
  await id('show-whole').click();
  await id('approve').click();
  await id('outcome').waitFor();
});

test('without an answer the reason stays, and the retry carries the same key', async () => {
  await visit('requirements/plain', 'reject');
  await id('reject').click();
  await id('reason').fill('Wrong vendor');
  let seen = [];
  await page.route('**/resolution', async (route) => {
    seen.push(route.request().headers()['idempotency-key']);
    if (seen.length === 1) await route.abort();
    else await route.continue();
  });
  await id('confirm-reject').click();
  await id('unanswered').waitFor();
  assert.equal(await id('reason').inputValue(), 'Wrong vendor');
  await page.waitForTimeout(3_500);
  await id('retry').click();
  await page.getByText('Rejected by Robin Vance').first().waitFor();
  assert.equal(seen.length, 2);
  assert.equal(seen[0], seen[1]);
});

test('decided elsewhere while open: the bar freezes and says by whom, typed text stays', async () => {
  await visit('requirements/stolen', 'reject');
  await connected();
  await id('reject').click();
  await id('reason').fill('half a sent');
  await mock.act('steal', { id: 'stolen' });
  await id('frozen').waitFor();
  assert.match(await id('frozen').innerText(), /Approved by Kim Lindqvist/);
  assert.equal(await id('reason').inputValue(), 'half a sent');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'reason');
});

test('a digest that changes without a new version is a red stop', async () => {
  await visit('requirements/plain', 'approve');
  await connected();
  await mock.act('tamper', { id: 'plain' });
  await id('mismatch').waitFor();
  await page.waitForTimeout(500);
  await page.keyboard.press('a');
  assert.deepEqual(await votes(), []);
});

test('the list does not move when new ones come; the pill shows them', async () => {
  await visit('', 'rows');
  await connected();
  const first = await id('row').first().getAttribute('data-id');
  const top = (await id('row').first().boundingBox()).y;
  await mock.act('add', { count: 3, due: 1 });
  await id('new-pill').waitFor();
  assert.equal(await id('new-pill').innerText(), '3 new');
  assert.equal(await id('row').first().getAttribute('data-id'), first);
  assert.equal((await id('row').first().boundingBox()).y, top);
  await id('new-pill').click();
  await page.locator('[data-testid=row]:first-child[data-id^=new-]').waitFor();
});

test('more than a page: load more keeps what is there', async () => {
  await mock.act('add', { count: 60 });
  await visit('', 'load-more');
  assert.equal(await id('row').count(), 50);
  await id('load-more').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=row]').length === 71);
  assert.equal(await id('load-more').count(), 0);
});

test('X68: never "nothing waits" when it could not be loaded', async () => {
  await mock.act('fail', { on: 'true' });
  await visit('', 'list-failed');
  assert.equal(await id('empty').count(), 0);
  await mock.act('fail', { on: 'false' });
  await id('retry').click();
  await id('rows').waitFor();
});

test('offline: decisions stop, and everything is fetched again afterwards', async () => {
  await visit('requirements/plain', 'approve');
  await connected();
  await mock.act('drop', { on: 'true' });
  await id('offline').waitFor();
  assert.equal(await id('approve').getAttribute('aria-disabled'), 'true');
  await mock.act('steal', { id: 'plain' });
  await mock.act('drop', { on: 'false' });
  await page.getByText('Approved by Kim Lindqvist').first().waitFor({ timeout: 15_000 });
});

test('the session ends: login, and back to the same page with the text typed before', async () => {
  await visit('requirements/plain', 'reject');
  await id('reject').click();
  await id('reason').fill('Wrong vendor');
  await mock.act('expire-session');
  await id('confirm-reject').click();
  await id('session-ended').waitFor();
  await id('login-name').fill('robin');
  await id('login-password').fill('wrong');
  await id('login').click();
  await id('login-failed').waitFor();
  assert.equal(await id('login-name').inputValue(), 'robin');
  await id('login-password').fill('correct horse');
  await id('login').click();
  await id('reason').waitFor();
  assert.equal(await id('reason').inputValue(), 'Wrong vendor');
  assert.match(page.url(), /requirements\/plain$/);
});

test('one connection for two tabs; the second goes on when the first is closed', async () => {
  const opened = [];
  browser.context.on('request', (request) => request.url().endsWith('/events') && opened.push(request.url()));
  await visit('', 'rows');
  await connected();
  const other = await browser.context.newPage();
  await other.goto(`${mock.base}requirements/plain`);
  await other.locator('[data-state=on]').waitFor();
  assert.equal(opened.length, 1);
  await page.close();
  await other.waitForTimeout(500);
  assert.equal(opened.length, 2);
  await mock.act('steal', { id: 'plain' });
  await other.getByText('Approved by Kim Lindqvist').first().waitFor();
  await other.close();
});

test('below a prefix: deep links, reload and navigation', async () => {
  const inner = await startMock('/tools/assent/');
  await inner.act('login');
  await page.goto(`${inner.base}requirements/high`);
  await id('facts').waitFor();
  await page.reload();
  await id('facts').waitFor();
  await id('nav-audit').click();
  await id('records').waitFor();
  assert.equal(page.url(), `${inner.base}audit`);
  await page.goBack();
  await id('facts').waitFor();
  inner.stop();
});

test('a start of a run leads to its page', async () => {
  await visit('runs', 'start-agent');
  await id('start-message').fill('Pay the invoices of June');
  await id('start-run').click();
  await id('run').waitFor();
  await id('cancel-run').click();
  await id('confirm-cancel-run').click();
  await page.locator('[data-testid=run-status]', { hasText: 'Cancelled' }).waitFor();
});

test('the browser has nothing to complain about', () => {
  const complaints = browser.complaints.filter((text) => !text.includes('/tools/assent/'));
  assert.deepEqual(complaints.filter((text) => !text.startsWith('foreign request')), []);
});
