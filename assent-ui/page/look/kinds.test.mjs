// How a person answers what is no approval, and edits what is one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id, mock, page, settled, visit, votes } from './setup.mjs';

const raw = (path) => page.locator(`[data-testid=input][data-path="${path}"]`);
const control = (path) => raw(path).getByTestId('control');
const drafts = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

test('C2, X48: a form is sent as JSON with all digits, and says what is missing beside the field', async () => {
  await visit('requirements/fields', 'answer');
  await settled();
  await id('answer').click();
  assert.equal(await control('/name').inputValue(), 'Dana');
  assert.match(await raw('/seats').getByTestId('input-error').innerText(), /needed/);
  assert.deepEqual(await votes(), []);

  await control('/seats').fill('9007199254740993');
  await control('/price').fill('1e');
  await control('/mail').fill('dana@example.com');
  await raw('/window').getByText('No', { exact: true }).click();
  await raw('/class').getByText('Second').click();
  await raw('/meals').getByText('fish').click();
  await raw('/meals').getByText('none').click();
  await control('/stops').fill('Bergen\nVoss');
  await control('/address/street').fill('Main 1');
  await control('/card').fill('hunter2');
  await settled();
  await id('answer').click();
  assert.match(await raw('/price').getByTestId('input-error').innerText(), /a number/);
  await control('/price').fill('0.10000000000000000001');
  const body = page.waitForRequest((request) => request.url().endsWith('/resolution'));
  await settled();
  await id('answer').click();
  const text = (await body).postData();
  assert.match(text, /"seats":9007199254740993,"price":0\.10000000000000000001,/);
  assert.deepEqual(JSON.parse(text).value, {
    name: 'Dana', seats: 9007199254740992, price: 0.1, mail: 'dana@example.com', window: false, class: 2,
    meals: ['fish', 'none'], stops: ['Bergen', 'Voss'], address: { street: 'Main 1' }, card: 'hunter2', extra: { id: 9007199254740992 },
  });
  assert.match(text, /"extra":\{"id":9007199254740993\}/);
  await id('outcome').waitFor();
});

test('A1: a draft survives a reload, a secret does not and is in no storage', async () => {
  await visit('requirements/fields', 'answer');
  await control('/mail').fill('kept@example.com');
  await control('/card').fill('hunter2');
  assert.equal(await control('/card').getAttribute('type'), 'password');
  assert.ok(!(await drafts()).includes('hunter2'));
  await page.reload();
  await id('answer').waitFor();
  assert.equal(await control('/mail').inputValue(), 'kept@example.com');
  assert.equal(await control('/card').inputValue(), '');
});

test('what the server finds stands beside its field', async () => {
  await visit('requirements/fields', 'answer');
  await control('/seats').fill('13');
  await control('/mail').fill('dana@example.com');
  await control('/card').fill('x');
  await raw('/window').getByText('Yes').click();
  await raw('/class').getByText('First').click();
  await settled();
  await id('answer').click();
  assert.match(await raw('/seats').getByTestId('input-error').innerText(), /must not be 13/);
  assert.equal(await control('/mail').inputValue(), 'dana@example.com');
});

test('C4: one of the options; a yes and a no are one click after the quiet time', async () => {
  await visit('requirements/choose', 'answer');
  await settled();
  await page.getByText('window').click();
  await id('answer').click();
  await id('outcome').waitFor();
  await visit('requirements/confirm', 'no');
  await settled();
  await id('no').click();
  await id('outcome').waitFor();
  const [first, second] = await votes();
  assert.deepEqual(first.body.value, { answer: 'window' });
  assert.deepEqual(second.body.value, { answer: 'no' });
});

test('X48: an edit goes as JSON Patch, after its difference was shown, and then waits for others', async () => {
  await visit('requirements/big', 'edit');
  await settled();
  await id('edit').click();
  const area = id('edit-value');
  assert.equal(await area.inputValue(), '{\n  "amount": 9007199254740993,\n  "vendor": "Acme\\u202e Corp"\n}');
  assert.equal(await id('confirm-edit').getAttribute('aria-disabled'), 'true');
  await area.fill('{"amount": 9007199254740993, "vendor": }');
  assert.match(await id('edit-wrong').innerText(), /line 1/);
  await area.fill('{"amount": 9007199254740993, "vendor": "Beta", "memo": "x\\u202e"}');
  assert.equal(await id('edit-diff').getByTestId('change').count(), 2);
  assert.equal(await id('edit-diff').getByTestId('hidden-char').count(), 2);
  await settled();
  await id('confirm-edit').click();
  await id('edited').waitFor();
  const [vote] = await votes();
  assert.deepEqual(vote.body.patch, [
    { op: 'replace', path: '/vendor', value: 'Beta' }, { op: 'add', path: '/memo', value: 'x\u202e' },
  ]);
  assert.match(await id('frozen').innerText(), /edited the arguments last/);
  assert.equal(await id('version-changed').count(), 0);
});

test('C5: a call is taken, then its result is brought, as text or as exact JSON', async () => {
  await visit('requirements/outside', 'take');
  await settled();
  await id('take').click();
  await id('taken-by').waitFor();
  await settled();
  await id('result-of').click();
  await id('as-json').check();
  await id('value').fill('{"build":9007199254740993');
  assert.match(await id('value-wrong').innerText(), /line 1/);
  await id('value').fill('{"build":9007199254740993}');
  const sent = page.waitForRequest((request) => request.url().endsWith('/resolution'));
  await settled();
  await id('confirm-result-of').click();
  assert.match((await sent).postData(), /"value":\{"build":9007199254740993\}/);
  await id('outcome').waitFor();
  assert.deepEqual((await votes()).map(({ body }) => body.verdict), ['TAKE', 'RESULT']);
});

test('an output under review is inert, and changes need feedback', async () => {
  await visit('requirements/review', 'changes');
  await settled();
  assert.match(await id('under-review').innerText(), /<script>alert\(1\)<\/script>/);
  assert.equal(await id('under-review').locator('b, script').count(), 0);
  assert.equal(await id('round').innerText(), 'Round 1 of 2');
  await id('changes').click();
  assert.equal(await id('confirm-changes').getAttribute('aria-disabled'), 'true');
  await id('reason').fill('Name the vendors.');
  await settled();
  await id('confirm-changes').click();
  await id('outcome').waitFor();
  assert.equal((await votes())[0].body.reason, 'Name the vendors.');
  await page.goto(`${mock.base}requirements/review-last`);
  await id('accept').waitFor();
  assert.equal(await id('changes').count(), 0);
});

test('X49: neither a key nor a click answers in the first 400 ms', async () => {
  await page.goto(`${mock.base}requirements/confirm`);
  await page.evaluate(() => new Promise((done) => {
    const timer = setInterval(() => {
      const button = document.querySelector('[data-testid=yes]');
      if (!button) return;
      clearInterval(timer);
      button.click();
      done();
    }, 5);
  }));
  await page.waitForTimeout(300);
  assert.deepEqual(await votes(), []);
});

test('asking the agent sends a question, and the answer stands beside while the request stays open', async () => {
  await visit('requirements/plain', 'ask-back');
  await settled();
  await id('ask-back').click();
  await id('reason').fill('Why so much?');
  await settled();
  await id('confirm-ask-back').click();
  await id('round-answer').waitFor();

  const [vote] = await votes();
  assert.equal(vote.body.verdict, 'ASK_BACK');
  assert.equal(vote.body.reason, 'Why so much?');
  assert.match(await id('round-question').innerText(), /Why so much/);
  assert.match(await id('round-answer').innerText(), /Invoice 7 says so/);
  assert.equal(await id('approve').isVisible(), true);
});
