// A real browser before the mock, fresh for each test. Builds nothing: run `npm run build` first.
import { after, before, beforeEach } from 'node:test';
import { open, startMock } from './browser.mjs';

export let mock;
export let browser;
export let page;

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

export const id = (name) => page.getByTestId(name);
export const visit = async (path, wait) => {
  await page.goto(mock.base + path);
  await id(wait).first().waitFor();
};
export const settled = () => page.locator('[data-testid=bar][data-settled=true]').waitFor();
export const votes = async () => (await mock.act('log')).filter((entry) => entry.path.endsWith('/resolution'));
export const connected = () => page.locator('[data-state=on]').waitFor();
