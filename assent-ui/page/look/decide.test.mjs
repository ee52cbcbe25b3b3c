// How a person decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, connected, id, mock, page, settled, visit, votes } from './setup.mjs';

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
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
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

test('the browser has nothing to complain about', () => {
  const complaints = browser.complaints.filter((text) => !text.includes('/tools/assent/'));
  assert.deepEqual(complaints.filter((text) => !text.startsWith('foreign request')), []);
});
