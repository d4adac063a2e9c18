// People with accounts of their own, in a browser: registering, making an organisation, inviting, handing over, leaving,
// and removing the account.
import { expect, expectAccessible, signIn, signOut, test } from '../lib/test.js';

const heading = (page) => page.getByRole('heading', { level: 1 });
const note = (page) => page.getByRole('status');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const password = 'a password of four words';

// One story in its order: each part begins where the one before ended.
test.describe.configure({ mode: 'serial' });

/** Somebody at a browser of their own. Each has a mail host of their own, by which the log tells whose a mail is. */
class Person {
  constructor(name) {
    this.name = name;
    this.account = name.toLowerCase();
    this.mail = `${this.account}@${this.account}.example`;
  }

  async arrive(browser, orgate) {
    this.context = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
    this.page = await this.context.newPage();
    return this.page;
  }

  /** What the mail of a template to them says. */
  async read(orgate, template, pattern) {
    const [, found] = await orgate.logged(new RegExp(`target=\\S*@${this.account}\\.example template=${template} [^\\n]*?${pattern.source}`));
    return found;
  }
}

const code = /verification code is (\d+)/;
const link = /(http:\/\/[^\s"\\]+)/;
const dora = new Person('Dora');
const emil = new Person('Emil');
let doras;
let emils;
let organization;

test.beforeAll(async ({ browser, orgate }) => {
  await orgate.manage('PUT', '/settings/accounts', { registration: true, organizations_by_people: true });
  doras = await dora.arrive(browser, orgate);
  emils = await emil.arrive(browser, orgate);
});

test.afterAll(async () => {
  await dora.context.close();
  await emil.context.close();
});

test('registering by a code, with the keyboard alone, and making an organisation', async ({ orgate }) => {
  const page = doras;
  await page.goto('/login');
  await page.getByRole('link', { name: 'Make an account of your own' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#name')).toBeFocused();
  await page.keyboard.type(dora.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type('dora@');
  await page.keyboard.press('Tab');
  await page.keyboard.type(dora.account);
  await page.keyboard.press('Enter');
  await expect(page.locator('#contact')).toBeFocused(); // it is at fault
  await expect(page.locator('#contact-error')).toBeVisible();
  await expectAccessible(page);
  await page.locator('#contact').selectText();
  await page.keyboard.type(dora.mail);
  await page.keyboard.press('Enter');
  await expect(note(page).first()).toContainText(dora.mail);
  await expect(page.locator('#code')).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type(await dora.read(orgate, 'code', code));
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${orgate.address}/organizations/`);
  await expect(page.getByRole('main')).toContainText('You belong to no organisation yet');
  await expectAccessible(page);
  await page.locator('#name').focus();
  await page.keyboard.type('Dora Ltd');
  await page.keyboard.press('Enter');
  await expect(note(page)).toContainText('You are its owner');
  await page.getByRole('button', { name: 'Open Dora Ltd' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toContainText('Dora Ltd');
  await page.goto('/organizations/');
  await expect(page.getByText('You are here')).toBeVisible();
  await expectAccessible(page);
  [organization] = (await orgate.manage('GET', '/organizations?limit=200')).items.filter(({ name }) => name === 'Dora Ltd');
});

test('whoever has an account is told so by mail alone', async ({ page, orgate }) => {
  await page.goto('/register');
  await page.locator('#name').fill('Somebody');
  await page.locator('#contact').fill(dora.mail);
  await press(page, 'Send the code');
  await expect(page.getByRole('alert')).toContainText(/seconds|minute/); // one a minute, whoever asks
  await expect(page.locator('#contact')).toHaveValue(dora.mail);
});

test('an invitation: opened elsewhere, an account made, joined', async ({ orgate }) => {
  // A page of ours that may call calls the management API with the session of its browser.
  await doras.goto('/api/docs');
  const invite = (contact) => doras.evaluate(async ([at, body]) => {
    const { csrf_token: token } = await (await fetch('/api/v1/me')).json();
    const answer = await fetch(`/api/v1/organizations/${at}/invitations`, {
      method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    });
    return answer.status;
  }, [organization.code, { contact, name: 'Emil' }]);
  expect(await invite(emil.mail)).toBe(201);
  expect(await invite(emil.mail)).toBe(409); // it is open

  const page = emils;
  const invitation = await emil.read(orgate, 'invitation', link);
  await page.goto(invitation);
  await expect(heading(page)).toHaveText('Join Dora Ltd');
  await expect(page.locator('#name')).toHaveValue('Emil');
  await expectAccessible(page);
  await page.locator('#password').fill('short');
  await press(page, 'Make the account and join');
  await expect(page.locator('#password-error')).toBeVisible();
  await page.locator('#account').fill(emil.account);
  await page.locator('#password').fill(password);
  await press(page, 'Make the account and join');
  await expect(page.getByRole('main')).toContainText('Dora Ltd');
  for (const [seen, role] of [[doras, 'Owner'], [emils, 'Member']]) {
    await seen.goto('/organizations/');
    await expect(seen.getByRole('listitem')).toContainText(['Dora Ltd']);
    await expect(seen.getByRole('listitem').first()).toContainText(role);
  }
  await page.goto(invitation);
  await expect(page.getByRole('main')).toContainText('invitation was accepted');
  await expectAccessible(page);
});

test('more members are asked for, and the answer comes by mail', async ({ orgate }) => {
  const page = doras;
  await page.goto('/account');
  await page.getByRole('link', { name: 'Quotas' }).click();
  await expect(page.getByRole('main')).toContainText('2 of 200');
  await page.locator('#members-reason').fill('We grow');
  await press(page, 'Ask for 100 more members');
  await expect(note(page)).toContainText('The request was sent');
  await expectAccessible(page);
  const [wish] = (await orgate.manage('GET', '/provider/quota-requests?state=pending')).items;
  await orgate.manage('POST', `/provider/quota-requests/${wish.id}/approve`, { answer: 'Well done' });
  expect(await dora.read(orgate, 'members_approved', /may have (\d+) members/)).toBe('300');
  await page.reload();
  await expect(page.getByRole('main')).toContainText('2 of 300');
});

test('an organisation is handed over, and left', async ({ orgate }) => {
  await orgate.manage('POST', `/organizations/${organization.code}/handover`, { name: 'Emil', contact: emil.mail });
  const offer = await emil.read(orgate, 'handover', link);
  await doras.goto(offer);
  await press(doras, 'Take over');
  await expect(doras.getByRole('alert')).toContainText('offered to somebody else');
  const page = emils;
  await page.goto(offer);
  await expect(heading(page)).toHaveText('Take over Dora Ltd');
  await expect(page.getByRole('main')).toContainText('Dora stays as an administrator');
  await expectAccessible(page);
  await press(page, 'Take over');
  await expect(note(page)).toContainText('You are the owner now');
  await expect(page.getByRole('listitem').first()).toContainText('Owner');

  await doras.goto('/organizations/');
  await doras.getByRole('link', { name: 'Leave Dora Ltd' }).click();
  await expect(heading(doras)).toHaveText('Leave Dora Ltd?');
  await expectAccessible(doras);
  await doras.getByRole('link', { name: 'Stay a member' }).click();
  await doras.getByRole('link', { name: 'Leave Dora Ltd' }).click();
  await press(doras, 'Leave Dora Ltd');
  await expect(note(doras)).toContainText('You left the organisation');
  await expect(doras.getByRole('main')).toContainText('You belong to no organisation yet');
});

test('in no organisation, and back', async () => {
  const page = emils;
  await page.goto('/organizations/');
  await page.getByRole('button', { name: 'Go on in no organisation' }).click();
  await expect(page.getByText('You are here')).toHaveCount(0);
  await page.goto('/');
  await expect(page.getByRole('main')).not.toContainText('Dora Ltd');
  await page.goto('/organizations/');
  await page.getByRole('button', { name: 'Open Dora Ltd' }).click();
  await expect(page.getByRole('main')).toContainText('Dora Ltd');
});

test('the account is removed, unless it owns something', async ({ page }) => {
  await emils.goto('/account/remove');
  await expect(emils.getByRole('alert')).toContainText('Dora Ltd');
  await expect(emils.locator('#password')).toHaveCount(0);

  await doras.goto('/account');
  await doras.getByRole('link', { name: 'Remove this account' }).click();
  await doras.locator('#password').fill('wrong');
  await press(doras, 'Remove for ever');
  await expect(doras.locator('#password-error')).toBeVisible();
  await expectAccessible(doras);
  await doras.locator('#password').fill(password);
  await press(doras, 'Remove for ever');
  await expect(heading(doras)).toHaveText('Your account is gone');
  await signIn(page, dora.account, password);
  await expect(page.getByRole('alert')).toBeVisible();
  await emils.goto('/account');
  await signOut(emils);
});

test('a puzzle where codes are asked for often', async ({ page }) => {
  const ask = async (name) => {
    await page.goto('/register');
    await page.locator('#name').fill(name);
    await page.locator('#contact').fill(`${name}@crowd.example`);
    await press(page, 'Send the code');
  };
  const slider = page.getByLabel('Move the piece into its hole');
  await expect(async () => {
    await ask(`early${Date.now()}`);
    await expect(slider).toBeVisible({ timeout: 500 });
  }).toPass();
  await expectAccessible(page);
  // The arrow keys move the piece.
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-slide]')).toHaveAttribute('x', '1');
  await press(page, 'Send the code');
  await expect(page.locator('#puzzle-error')).toContainText('not in its place');
});
