// Account and password: signing in, the first one, forgetting it, devices, signing out, and the jump by a nonce.
import { newcomer, password, plainOrganization } from '../lib/plain.js';
import { expect, expectAccessible, signIn, signOut, test } from '../lib/test.js';

const heading = (page) => page.getByRole('heading', { level: 1 });

test.beforeAll(({ orgate }) => orgate.apply(plainOrganization('plain')));

test('account and password', async ({ page }) => {
  await signIn(page, 'ann@plain.example', 'wrong');
  await expect(page.getByRole('alert')).toContainText('do not match');
  await expect(page.locator('#account')).toHaveValue('ann@plain.example');
  await page.locator('#password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(heading(page)).toHaveText('Ann');
});

test('unknown and known accounts are answered alike', async ({ page }) => {
  const seen = [];
  for (const account of ['ben@plain.example', 'nobody@plain.example']) {
    await signIn(page, account, 'wrong');
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy' })).toBeVisible(); // which the page's script draws
    seen.push((await page.getByRole('main').innerText()).replace(/\b[0-9A-Z]{8}\b/, 'CODE'));
  }
  expect(seen[0]).toBe(seen[1]);
});

test('after sign-in the browser goes where it wanted to, and never elsewhere', async ({ page, orgate }) => {
  await page.goto('/account/sessions');
  await expect(page).toHaveURL(/\/login/);
  await page.locator('#account').fill('ann@plain.example');
  await page.locator('#password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${orgate.address}/account/sessions`);
  for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%09/evil.example']) {
    await page.context().clearCookies();
    await page.goto(`/login?return_to=${encodeURIComponent(evil)}`);
    await page.locator('#account').fill('ann@plain.example');
    await page.locator('#password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(heading(page)).toHaveText('Ann');
    expect(new URL(page.url()).origin, evil).toBe(orgate.address);
  }
});

test('sessions: seen and ended from another browser, and signing out', async ({ page, browser, orgate }) => {
  await signIn(page, 'ann@plain.example', password);
  await expect(heading(page)).toHaveText('Ann');
  const context = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const other = await context.newPage();
  await signIn(other, 'ann@plain.example', password);
  await expect(heading(other)).toHaveText('Ann');

  await page.goto('/account/sessions');
  await expect(page.getByText('This browser')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('status')).toBeVisible();
  await other.goto('/account');
  await expect(other).toHaveURL(/\/login/);
  await context.close();

  await page.goto('/account');
  await signOut(page);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);
  await page.goBack();
  await expect(heading(page)).not.toHaveText('Ann');
});

test('a forgotten password: a link by mail, once', async ({ page, orgate }) => {
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await page.locator('#account').fill('ben@plain.example');
  await page.getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByRole('status')).toContainText('a link is on its way');
  const [, link] = await orgate.logged(/(http:\/\/[^\s"\\]+\/password\/reset\?code=[^\s"\\]+)/);
  expect(new URL(link).origin).toBe(orgate.address);

  await page.goto(link); // looking at it spends nothing
  await page.goto(link);
  await page.locator('#password').fill('another password of five words');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page).not.toHaveURL(/\/password\/reset/);
  await page.context().clearCookies();
  await signIn(page, 'ben@plain.example', password);
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page, 'ben@plain.example', 'another password of five words');
  await expect(heading(page)).toHaveText('Ben');
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.locator('#password')).toHaveCount(0);
});

test('whoever has forgotten a password that nobody asks for is led to the centre', async ({ page, orgate }) => {
  await page.goto('/password/forgotten');
  await page.locator('#account').fill('bruno@acme.example');
  await page.getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByRole('status')).toContainText('a link is on its way');
  await orgate.logged(/\/sso\?domain=acme\.example|\/sso/);
});

test('a password that somebody else chose opens nothing but the choice of another', async ({ page, orgate }) => {
  await orgate.apply(newcomer('plain', 'nell'));
  await signIn(page, 'nell@plain.example', password);
  await expect(page).toHaveURL(/\/password\/change/);
  await page.goto('/account/sessions');
  await expect(page).toHaveURL(/\/password\/change/);
  await expectAccessible(page);
  // What was given is not a choice.
  const choose = async (text) => {
    if (await page.locator('#old_password').count()) await page.locator('#old_password').fill(password);
    await page.locator('#password').fill(text);
    await page.locator('#password').press('Enter');
  };
  await choose(password);
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page).toHaveURL(/\/password\/change/);
  await choose('her own password of six words');
  await expect(heading(page)).toHaveText('Nell');
  await page.context().clearCookies();
  await signIn(page, 'nell@plain.example', 'her own password of six words');
  await expect(heading(page)).toHaveText('Nell');
});

test('the nonce of an access token signs in once, and whoever is somebody else already is asked first', async ({ page, orgate }) => {
  const word = Buffer.from(`ann@plain.example:${password}`).toString('base64');
  const signedIn = await fetch(`${orgate.address}/v1/usg/acs/auth/account`, {
    method: 'POST', headers: { Authorization: `Basic ${word}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ account: 'ann@plain.example', clientType: 72 }),
  });
  const { accessToken } = await signedIn.json();
  const nonce = async () => (await orgate.meeting('POST', '/v1/usg/acs/auth/portal-ref-nonce', { token: accessToken })).nonce;
  const first = await nonce();
  await page.goto(`/login?nonce=${first}`);
  await expect(heading(page)).toHaveText('Ann'); // the page posts itself
  await page.context().clearCookies();
  await page.goto(`/login?nonce=${first}`);
  await expect(page.locator('#code')).toBeVisible();

  await signIn(page, 'owner@plain.example', password);
  await expect(heading(page)).toHaveText('Owner');
  await page.goto(`/login?nonce=${await nonce()}`);
  await expect(page.locator('p.note')).toContainText('Owner');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(heading(page)).toHaveText('Ann');
});
