// An application written by others' rules: oauth4webapi behind Chromium, with consent, denial and the ways of PKCE.
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, test } from '../lib/test.js';

const secret = 'secret-of-the-relying-application-0123456789';

/** A fresh organisation with one application, which asks for consent. */
async function register(orgate, code, settings = '') {
  await orgate.apply(plainOrganization(code));
  const relying = await Relying.start(orgate, { client: code, secret });
  await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Pinboard, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: {everyone: true}, consent: true,
         home_urls: ["${relying.callback}"]${settings}}\n`);
  return relying;
}

async function signInAs(page, account) {
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

test('sign in, agree once, and what comes is verified', async ({ page, orgate }) => {
  const relying = await register(orgate, 'pin');
  await page.goto(await relying.ask());
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pinboard');
  await expectAccessible(page);
  await signInAs(page, 'ann@pin.example');
  await expect(page.getByRole('button', { name: 'Agree and go on' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Agree and go on' }).click();
  await expect(page).toHaveTitle('back');
  const first = await relying.redeem(page.url());
  expect(await relying.userInfo(first)).toMatchObject({ name: 'Ann', email: 'ann@pin.example' });
  const renewed = await relying.refresh(first);
  expect(renewed.refresh_token).not.toBe(first.tokens.refresh_token);
  await relying.revoke(renewed.refresh_token);
  await expect(relying.refresh({ tokens: renewed })).rejects.toMatchObject({ error: 'invalid_grant' });
  // Consent is remembered, and so is who is signed in.
  await page.goto(await relying.ask());
  await expect(page).toHaveTitle('back');
  expect((await relying.redeem(page.url())).claims.sub).toBe(first.claims.sub);
  await relying.stop();
});

test('who does not agree goes back without a code', async ({ page, orgate }) => {
  const relying = await register(orgate, 'deny');
  await page.goto(await relying.ask());
  await signInAs(page, 'ann@deny.example');
  await page.getByRole('button', { name: 'Do not agree' }).click();
  await expect(page).toHaveTitle('back');
  expect(() => relying.answer(page.url())).toThrow(expect.objectContaining({ error: 'access_denied' }));
  await relying.stop();
});

test('keyboard alone: to an application and back', async ({ page, orgate }) => {
  const relying = await register(orgate, 'keys');
  await page.goto(await relying.ask());
  await expect(page.locator('#account')).toBeFocused();
  await page.keyboard.type('ann@keys.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Agree and go on' })).toBeVisible();
  await page.getByRole('button', { name: 'Agree and go on' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle('back');
  await relying.redeem(page.url());
  await relying.stop();
});
