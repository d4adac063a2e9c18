// People of Acme, in a browser: type the domain, sign in at the centre, be signed in.
import { atCentre, expect, shownCode, signInBySSO, signOut, test } from '../lib/test.js';

const main = (page) => page.getByRole('main');

test('a member types the domain, signs in at the centre, and is signed in', async ({ page, orgate }) => {
  await signInBySSO(page, orgate, { account: 'alice' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice Archer');
  await expect(page.getByRole('main')).toContainText('Acme');
  await page.goto('/account');
  await expect(page.getByRole('main')).toContainText('alice@acme.example');
  await expect(main(page)).toContainText('Acme');
  await expect(page).toHaveURL((url) => url.origin === orgate.address && !url.search);
});

test('whoever the centre knows and Acme does not becomes a member', async ({ page, orgate }) => {
  await signInBySSO(page, orgate, { account: 'nadia' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nadia Nowak');
  await expect(main(page)).toContainText('Acme');
});

test('a link with domain and client leads to the centre at once', async ({ page, orgate }) => {
  await page.goto('/sso?domain=ACME.example&client=web');
  await atCentre(page, orgate, 'bruno');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bruno Baker');
});

test('who turns back at the centre is told so, with a code, and may begin again', async ({ page, orgate }) => {
  await page.goto('/sso?domain=acme.example&client=web');
  await expect(page).toHaveURL((url) => url.origin === orgate.centre);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL((url) => url.origin === orgate.address);
  expect(await shownCode(page)).toMatch(/^[0-9A-Z]{8}$/);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);
});

test('an unknown domain, a malformed one and one whose SSO is off look alike', async ({ page, orgate }) => {
  await orgate.configure({ enableSSO: false });
  const seen = [];
  for (const domain of ['nobody.example', 'clouddragon.huawei.com', 'not a domain']) {
    await page.goto('/sso');
    await page.locator('#domain').fill(domain);
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.request().method() === 'POST'), page.getByRole('button', { name: 'Continue' }).click(),
    ]);
    await expect(page.getByRole('alert')).toContainText('No enterprise signs in by this domain');
    await expect(page.getByRole('button', { name: 'Copy' })).toBeVisible(); // which the page's script draws
    seen.push(`${answer.status()} ${(await main(page).innerText()).replace(/\b[0-9A-Z]{8}\b/, 'CODE')}`);
  }
  expect(new Set(seen).size, seen.join('\n')).toBe(1);
});

test('an answer of the centre works once, and in the browser it was asked in', async ({ page, browser, orgate }) => {
  let back;
  page.on('request', (request) => { if (request.url().includes('/sso/callback/')) back = request.url(); });
  await signInBySSO(page, orgate, { account: 'alice' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice Archer');
  for (const context of [page.context(), await browser.newContext()]) {
    const other = await context.newPage();
    await other.goto(back);
    expect(await shownCode(other)).toMatch(/^[0-9A-Z]{8}$/);
    await other.close();
  }
  // A state that is still fresh, in a browser that did not ask for it.
  await page.goto('/logout');
  await signOut(page);
  await page.route('**/sso/callback/**', (route) => { back = route.request().url(); return route.abort(); });
  await page.goto('/sso?domain=acme.example&client=web');
  await atCentre(page, orgate, 'bruno').catch(() => {});
  await expect.poll(() => back).toContain('/sso/callback/');
  const stranger = await browser.newContext({ baseURL: orgate.address });
  const theirs = await stranger.newPage();
  await theirs.goto(back);
  expect(await shownCode(theirs)).toMatch(/^[0-9A-Z]{8}$/);
  await theirs.goto('/account');
  await expect(theirs).toHaveURL(/\/login/);
  await stranger.close();
});

test('members are sent to the centre when they type a password, the owner is not', async ({ page, orgate }) => {
  await page.goto('/login');
  await page.locator('#account').fill('alice@acme.example');
  await page.locator('#password').fill(orgate.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(main(page)).toContainText('acme.example');
  await expect(page.locator('a.button')).toHaveAttribute('href', /^\/sso/);
  await page.goto('/login');
  await page.locator('#account').fill('owner@acme.example');
  await page.locator('#password').fill(orgate.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Olivia Owner');
});
