// Whoever may not enter an application asks for it, and an administrator decides; and an application signs its people out.
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, signIn, test } from '../lib/test.js';

const secret = 'secret-of-the-relying-application-0123456789';
const heading = (page) => page.getByRole('heading', { level: 1 });

/** A fresh organisation with one application, which its owner alone may enter unless access says more. */
async function register(orgate, code, access = `{members: [owner@${code}.example]}`) {
  await orgate.apply(plainOrganization(code));
  const relying = await Relying.start(orgate, { client: code, secret });
  await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Tool shed, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: ${access},
         home_urls: ["${relying.callback}"], exit_url: "${relying.callback}"}\n`);
  return relying;
}

async function arrive(page, relying, account) {
  await page.goto(await relying.ask());
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

/** The owner of an organisation decides the only open request, in a browser of their own. */
async function decide(browser, orgate, code, button, answer) {
  const context = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const page = await context.newPage();
  await signIn(page, `owner@${code}.example`, password);
  await expect(heading(page)).toHaveText('Owner');
  await page.goto(`/console/${code}/requests`);
  await expectAccessible(page);
  await page.getByRole('textbox').fill(answer);
  await page.getByRole('button', { name: new RegExp(`^${button}: `) }).click();
  await expect(page.locator('.said')).toContainText(button === 'Approve' ? 'was let in' : 'was refused');
  await context.close();
}

test('not permitted, asked, approved, entered', async ({ page, browser, orgate }) => {
  const relying = await register(orgate, 'shed');
  await arrive(page, relying, 'ann@shed.example');
  await expect(heading(page)).toHaveText('Your request was sent');
  await expectAccessible(page);
  await decide(browser, orgate, 'shed', 'Approve', 'Mind the saw');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page).toHaveTitle('back');
  expect((await relying.redeem(page.url())).claims.sub).toBeTruthy();
  await relying.stop();
});

test('asked, withdrawn, asked again, rejected, and told why', async ({ page, browser, orgate }) => {
  const relying = await register(orgate, 'attic');
  await arrive(page, relying, 'ben@attic.example');
  await page.getByRole('button', { name: 'Withdraw the request' }).click();
  await expect(heading(page)).toHaveText('You withdrew your request');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Apply again' }).click();
  await expect(heading(page)).toHaveText('Your request was sent');
  await decide(browser, orgate, 'attic', 'Reject', 'The floor is rotten');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(heading(page)).toHaveText('Your request was rejected');
  await expect(page.getByText('The floor is rotten')).toBeVisible();
  await page.goto('/account/requests');
  await expectAccessible(page);
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible();
  await expect(page.getByText('Rejected', { exact: true })).toBeVisible();
  await relying.stop();
});

test('an application signs its people out, and only with their own proof at once', async ({ page, orgate }) => {
  const relying = await register(orgate, 'yard', '{everyone: true}');
  await arrive(page, relying, 'ann@yard.example');
  await expect(page).toHaveTitle('back');
  const { tokens } = await relying.redeem(page.url());
  // Anybody can write a link: without a proof the person is asked.
  await page.goto(`/oauth2/logout?client_id=yard`);
  await expect(heading(page)).toContainText('Sign out');
  await expectAccessible(page);
  const leave = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: relying.callback, state: 'gone' });
  await page.goto(`/oauth2/logout?${leave}`);
  await expect(page).toHaveURL(`${relying.callback}?state=gone`);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);
  await relying.stop();
});
