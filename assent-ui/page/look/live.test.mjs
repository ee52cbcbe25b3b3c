// What happens by itself: changes, failures, other tabs; and the ways between the pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMock } from './browser.mjs';
import { browser, connected, id, mock, page, visit, votes } from './setup.mjs';

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
  const total = Number((await id('total').innerText()).match(/\d+/)[0]);
  assert.ok(total > 60);
  await page.waitForFunction((all) => document.querySelectorAll('[data-testid=row]').length === all, total);
  assert.equal(await id('load-more').count(), 0);
});

test('X68: never "nothing waits" when it could not be loaded', async () => {
  await mock.act('fail', { on: 'true' });
  await visit('', 'list-failed');
  assert.equal(await id('empty').count(), 0);
  await mock.act('fail', { on: 'false' });
  // It may also have found out by itself.
  await Promise.any([id('retry').click(), id('rows').waitFor()]);
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
  for (let look = 0; opened.length < 2 && look < 300; look++) await other.waitForTimeout(100);
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
