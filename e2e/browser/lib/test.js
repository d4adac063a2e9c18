import axe from 'axe-core';
import { test as base, expect } from '@playwright/test';
import { Orgate } from './orgate.js';

export { expect };

/** A test with a running demonstration. */
export const test = base.extend({
  database: ['sqlite', { option: true, scope: 'worker' }],
  host: ['127.0.0.1', { option: true, scope: 'worker' }],
  orgate: [
    async ({ database, host }, use) => {
      const orgate = await Orgate.start({ database, host });
      await use(orgate);
      await orgate.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ orgate }, use) => use(orgate.address),
});

/** Signs somebody in on the page of the stand-in centre, whatever its language. */
export async function atCentre(page, orgate, account) {
  await expect(page).toHaveURL((url) => url.origin === orgate.centre);
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(orgate.centrePassword);
  await page.locator('#password').press('Enter');
}

/** Types a domain and signs in through the centre. */
export async function signInBySSO(page, orgate, { domain = 'acme.example', account }) {
  await page.goto('/sso');
  await page.locator('#domain').fill(domain);
  await page.getByRole('button', { name: 'Continue' }).click();
  await atCentre(page, orgate, account);
}

/** Signs in with a password. */
export async function signIn(page, account, password) {
  await page.goto('/login');
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Ends the session by an action, and waits for the page that tells so. */
export async function signOut(page, action = () => page.getByRole('button', { name: 'Sign out', exact: true }).click()) {
  const before = await page.evaluate(() => performance.timeOrigin);
  await action();
  await expect.poll(() => page.evaluate(() => performance.timeOrigin).catch(() => before)).not.toBe(before);
  await page.waitForLoadState();
}

/**
 * Types into a field and takes what it finds. A list closes where the page scrolls below it, and one that is drawn anew
 * while it is clicked takes nothing: it has closed when something was taken, else it is opened by typing again.
 */
export async function find(field, text, option) {
  const found = field.page().getByRole('option', { name: option });
  await field.scrollIntoViewIfNeeded();
  await expect(async () => {
    await field.fill('');
    await field.fill(text);
    await found.click({ timeout: 3_000 });
    await expect(found).toBeHidden({ timeout: 2_000 });
  }).toPass();
}

/** The code that a refusal shows, by which its story is found. */
export async function shownCode(page) {
  return (await page.locator('#code').textContent()).trim();
}

/** The story of a refusal. It is written a moment after the answer. */
export async function storyOf(orgate, code) {
  let story;
  await expect(async () => {
    story = await orgate.command('trace', code);
  }).toPass();
  return story;
}

/** What axe finds on a page without frames. Its script stays on the page: to bring it anew takes as long as a walk. */
async function axeFinds(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations;
}

/**
 * Fails on whatever axe finds, and on what scrolls sideways: light on a telephone and dark on a desktop, so that each theme
 * and each width is seen. One database is enough: what a page looks like depends on none.
 */
export async function expectAccessible(page) {
  if (test.info().project.name !== 'sqlite') return;
  test.info().setTimeout(test.info().timeout + 20_000); // two walks through the page, on whatever machine
  await expect(page.getByRole('heading', { level: 1 }).first(), `${page.url()} is drawn`).toBeVisible();
  for (const [colorScheme, width] of [['light', 320], ['dark', 1280]]) {
    // Colours that are still on their way from one theme to the other say nothing of contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    const violations = await axeFinds(page);
    const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(' ')}`);
    expect.soft(found, `${page.url()} in ${colorScheme} at ${width} px`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(overflow, `${page.url()} scrolls sideways at ${width} px`).toBe(0);
  }
}
