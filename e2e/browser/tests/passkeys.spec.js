// Passkeys as second proof, with Chromium's virtual authenticator: added, renamed, used, copied, removed, and never without script.
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, signIn, test } from '../lib/test.js';

// Browsers know no passkeys at the address of a machine.
test.use({ host: 'localhost' });

const secret = 'secret-of-the-relying-application-0123456789';
const heading = (page) => page.getByRole('heading', { level: 1 });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** A fresh organisation with an application that everybody enters with a second proof. */
async function register(orgate, code) {
  await orgate.apply(plainOrganization(code));
  const relying = await Relying.start(orgate, { client: code, secret });
  await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Vault, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: {everyone: true},
         access_control: {enabled: true, default: allow, policies: [{name: Always, decision: second_verification}]},
         home_urls: ["${relying.callback}"]}\n`);
  return relying;
}

/** Gives the browser an authenticator, as a laptop has one, and whatever can be done to it. */
async function authenticator(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  return {
    async keys() {
      return (await client.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    },
    /** Puts a copy of a key in its place, with another counter. */
    async copy(key, signCount) {
      await client.send('WebAuthn.removeCredential', { authenticatorId, credentialId: key.credentialId });
      await client.send('WebAuthn.addCredential', { authenticatorId, credential: { ...key, signCount } });
    },
  };
}

/** Moves the focus to a control by the Tab key. */
async function reach(page, control) {
  for (let i = 0; i < 20 && !(await control.evaluate((one) => one === document.activeElement)); i++) await page.keyboard.press('Tab');
  await expect(control).toBeFocused();
}

/** Adds a passkey to the account that is signed in, and returns the recovery codes. */
async function add(page, name, look = async () => {}) {
  await page.goto('/account/factors');
  await look(page);
  await press(page, 'Add a passkey');
  await look(page);
  await page.locator('#password').fill(password);
  await press(page, 'Continue');
  await look(page);
  await page.locator('#name').fill(name);
  await press(page, 'Make the passkey');
  await expect(heading(page)).toHaveText('Recovery codes');
  return page.locator('main li code').allTextContents();
}

test('added, opens an application that is told, and removed opens nothing', async ({ page, browser, orgate }) => {
  const relying = await register(orgate, 'strongroom');
  const device = await authenticator(page);
  await signIn(page, 'ann@strongroom.example', password);
  expect(await add(page, 'Laptop', expectAccessible)).toHaveLength(10);
  expect(await device.keys()).toHaveLength(1);
  await page.goto('/account/factors');
  await expect(page.getByRole('heading', { name: 'Laptop' })).toBeVisible();

  await page.goto(await relying.ask());
  await expect(heading(page)).toHaveText('Confirm that it is you');
  await expectAccessible(page);
  await press(page, 'Use a passkey');
  await expect(page).toHaveTitle('back');
  const { claims } = await relying.redeem(page.url());
  expect(claims.amr).toEqual(['pwd', 'pop', 'mfa']);
  expect(claims.acr).toBe('urn:orgate:loa:2');

  await page.goto('/account/factors');
  await page.getByRole('button', { name: 'Remove Laptop' }).click();
  await expectAccessible(page);
  await page.locator('#password').fill(password);
  await press(page, 'Use a passkey instead of the code');
  await expect(page.getByRole('status')).toContainText('It was removed');
  expect(await device.keys()).toHaveLength(1); // the device has it still, and nobody asks for it

  const elsewhere = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const other = await elsewhere.newPage();
  await signIn(other, 'ann@strongroom.example', password);
  await other.goto(await relying.ask());
  await expect(heading(other)).toHaveText('Confirm that it is you');
  await expect(other.getByRole('button', { name: 'Use a passkey' })).toHaveCount(0);
  await elsewhere.close();
  await relying.stop();
});

test('keyboard alone; one device once; a copy with an old counter is refused', async ({ page, orgate }) => {
  const relying = await register(orgate, 'copy');
  const device = await authenticator(page);
  await signIn(page, 'ann@copy.example', password);
  await add(page, 'Laptop');
  await page.goto('/account/factors');
  await press(page, 'Add a passkey');
  await page.locator('#password').fill(password);
  await press(page, 'Use a passkey instead of the code');
  await page.locator('#name').fill('Again');
  await page.locator('#name').press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'has a passkey of your account already' })).toBeVisible();

  const [key] = await device.keys();
  await device.copy(key, 0);
  await page.goto(await relying.ask());
  const use = page.getByRole('button', { name: 'Use a passkey' });
  await reach(page, use);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'went back' })).toBeVisible();
  await expectAccessible(page);
  await device.copy(key, key.signCount + 5);
  await use.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle('back');
  await relying.stop();
});

test('renamed by keyboard alone, in both languages', async ({ page, orgate }) => {
  await orgate.apply(plainOrganization('named'));
  const device = await authenticator(page);
  await signIn(page, 'ann@named.example', password);
  await add(page, 'Laptop');
  const rename = async (words, name) => {
    await reach(page, page.getByRole('button', { name: words.button, exact: true }));
    await page.keyboard.press('Enter');
    await expect(heading(page)).toHaveText(words.title);
    await expect(page.locator('#name')).toBeFocused();
    await expectAccessible(page);
    await page.locator('#name').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status')).toHaveText(words.done);
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await expectAccessible(page);
  };
  await page.goto('/account/factors');
  await rename({ button: 'Rename Laptop', title: 'Rename “Laptop”', done: 'It has its new name.' }, 'Work laptop');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await rename({ button: '重命名Work laptop', title: '重命名“Work laptop”', done: '名称已修改。' }, '办公电脑');
  expect(await device.keys()).toHaveLength(1);
});

test('without script a recovery code opens, and another device brings nothing', async ({ page, browser, orgate }) => {
  const relying = await register(orgate, 'unlocked');
  await authenticator(page);
  await signIn(page, 'ben@unlocked.example', password);
  const [code] = await add(page, 'Laptop');
  const without = await browser.newContext({ baseURL: orgate.address, locale: 'en-US', javaScriptEnabled: false });
  const bare = await without.newPage();
  await signIn(bare, 'ben@unlocked.example', password);
  await expect(bare).toHaveURL(/\/account$/); // the user centre needs scripts, the account none
  await bare.goto(await relying.ask());
  await expect(bare.getByText('runs no scripts')).toBeVisible();
  await expect(bare.getByRole('button', { name: 'Use a passkey' })).toHaveCount(0);
  await bare.locator('#app').fill(code);
  await bare.locator('#app').press('Enter');
  await expect(bare).toHaveTitle('back');
  expect((await relying.redeem(bare.url())).claims.amr).toEqual(['pwd', 'rcv', 'mfa']);
  await without.close();

  // A browser that holds another key than those of the account is told so.
  const stranger = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const strange = await stranger.newPage();
  await authenticator(strange);
  await signIn(strange, 'ben@unlocked.example', password);
  await expect(heading(strange)).toHaveText('Ben');
  await strange.goto(await relying.ask());
  await press(strange, 'Use a passkey');
  await expect(strange.getByRole('alert').filter({ hasText: 'Nothing came from the passkey' })).toBeVisible({ timeout: 20_000 });
  await stranger.close();
  await relying.stop();
});
