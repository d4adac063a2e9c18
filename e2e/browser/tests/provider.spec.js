// The pages of who runs the installation: enterprises, who may do what, messages, and logs.
import { expect, expectAccessible, signIn, test } from '../lib/test.js';
import { MailServer } from '../lib/mail.js';
import { password } from '../lib/plain.js';

test.setTimeout(120_000);

const account = 'root@orgate.test';

/** Enters the pages of the provider as its administrator and opens one of them. */
async function open(page, orgate, path = '') {
  const { items } = await orgate.manage('GET', '/provider/administrators');
  if (!items.some((a) => a.account === account)) {
    await orgate.manage('POST', '/provider/administrators', { account, name: 'Rita Root', password, must_change_password: false });
  }
  await signIn(page, account, password);
  await page.waitForURL((url) => url.pathname !== '/login');
  await page.goto(`/console/-/${path}`);
}

const said = (page) => page.locator('.said[role=status]');
const panel = (page) => page.locator('section.panel');
const question = (page) => page.getByRole('alertdialog');

/** Answers the question that a button asks. */
async function confirm(page, verb, word) {
  await panel(page).getByRole('button', { name: verb, exact: true }).click();
  if (word) await question(page).getByLabel(`Type ${word} to go on`).fill(word);
  await question(page).getByRole('button', { name: verb, exact: true }).click();
}

test('an enterprise is added, and its administrator signs in', async ({ page, browser, orgate }) => {
  await open(page, orgate);
  await page.goto('/console/');
  await expect(page).toHaveURL(/\/console\/-$/);
  await expect(page.locator('h1')).toHaveText('Installation');
  await page.getByRole('link', { name: 'Add enterprise' }).click();

  await panel(page).getByLabel('Name', { exact: true }).fill('Northwind');
  await panel(page).getByLabel('Code').fill('-no-');
  await panel(page).getByLabel('Members', { exact: true }).fill('3');
  await panel(page).getByLabel('Name of the administrator').fill('Nora North');
  await panel(page).getByLabel('Account').fill('nora@northwind.example');
  await panel(page).getByRole('button', { name: 'Add enterprise' }).click();
  await expect(panel(page).locator('.error')).toHaveCount(1); // at the code
  await panel(page).getByLabel('Code').fill('northwind');
  await panel(page).getByRole('button', { name: 'Add enterprise' }).click();
  await expect(said(page)).toContainText('Northwind was added');
  const secret = panel(page).locator('.secret-box');
  await expect(secret).toContainText('nora@northwind.example');
  const first = await secret.locator('code').nth(2).textContent();
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(panel(page)).toContainText('1 of 3');
  await expect(panel(page)).toContainText('Nora North · nora@northwind.example');

  const other = await (await browser.newContext({ baseURL: orgate.address, locale: 'en-US' })).newPage();
  await signIn(other, 'nora@northwind.example', first);
  await expect(other).toHaveURL(/\/password\/change/); // what somebody else chose is changed first
  await other.context().close();

  await panel(page).getByRole('link', { name: 'Open management centre' }).click();
  await expect(page.locator('h1')).toHaveText('Northwind');
  await page.getByRole('link', { name: 'Installation' }).click();
  await expect(page.locator('h1')).toHaveText('Installation');
});

test('enterprises are found, limited, frozen and dissolved', async ({ page, orgate }) => {
  await orgate.manage('POST', '/organizations', { code: 'shortlived', name: 'Short Lived' });
  await open(page, orgate, 'enterprises');
  await page.getByRole('searchbox').fill('short');
  await expect(page.getByRole('row').filter({ hasText: 'Acme' })).toHaveCount(0);
  await page.getByRole('gridcell', { name: 'shortlived' }).click();
  await panel(page).getByRole('tab', { name: 'Name and limits' }).click();
  await panel(page).getByLabel('Members').fill('12');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Short Lived was saved');
  await panel(page).getByRole('tab', { name: 'Information' }).click();
  await expect(panel(page)).toContainText('0 of 12');

  await confirm(page, 'Freeze');
  await expect(panel(page).locator('.panel-head .tag')).toHaveText('Frozen');
  await confirm(page, 'Let in again');
  await expect(panel(page).locator('.panel-head .tag')).toHaveText('Active');
  await confirm(page, 'Dissolve enterprise', 'shortlived');
  await expect(said(page)).toContainText('Short Lived is being dissolved');
});

test('who administers an enterprise finds nothing of the installation', async ({ page, orgate }) => {
  await signIn(page, 'owner@acme.example', orgate.password);
  await expect(page.locator('h1')).toHaveText('Olivia Owner');
  await page.goto('/console/-/enterprises');
  await expect(page.locator('h1')).toHaveText('There is nothing for you to administer');
  await expect(page.getByRole('link', { name: 'Enterprises' })).toHaveCount(0);
});

test('mail is set and tried, and what was sent is told', async ({ page, orgate }) => {
  const server = await MailServer.start();
  await open(page, orgate, 'mail');
  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1');
  await page.getByRole('button', { name: /Protection/ }).click();
  await page.getByRole('option', { name: /None/ }).click();
  await page.getByRole('spinbutton', { name: 'Port' }).fill('1');
  await page.getByLabel('Sender').fill('not an address');
  await page.getByLabel('Mail address', { exact: true }).fill('ann@acme.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field .error')).toHaveCount(1);
  await page.getByLabel('Sender').fill('Acme <no-reply@acme.example>');
  await page.getByRole('button', { name: 'Send a test mail' }).click();
  await expect(page.locator('.alert[role=status]')).toContainText('It was not taken over.');
  await page.getByRole('spinbutton', { name: 'Port' }).fill(String(server.port));
  await page.getByRole('button', { name: 'Send a test mail' }).click();
  await expect(page.locator('.note[role=status]')).toContainText('It was taken over.');
  expect(server.mails.join()).toContain('To: <ann@acme.example>');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Mails leave by these settings from now on');
  await expect(page.locator('.tag.good')).toHaveText('Mails leave by 127.0.0.1');

  await orgate.manage('POST', '/organizations/acme/invitations', { name: 'Gil Guest', contact: 'gil@partner.example' });
  await orgate.logged(/message written to the log only.*invitation/i);
  await page.goto('/console/-/messages?channel=mail&state=sent');
  await page.getByRole('row').filter({ hasText: 'Invitation' }).first().click();
  await expect(panel(page)).toContainText('what a message says is not kept');
  await expect(panel(page)).not.toContainText('gil@partner.example');
  await server.stop();
});

test('an API token works until it is revoked', async ({ page, orgate }) => {
  await open(page, orgate, 'api-tokens/new');
  await panel(page).getByLabel('Name').fill('nightly-import');
  await panel(page).getByRole('combobox', { name: 'Only in this enterprise' }).fill('acm');
  await page.getByRole('option', { name: 'Acme' }).click();
  await panel(page).getByRole('button', { name: 'Add API token' }).click();
  const token = await panel(page).locator('.secret-box code').textContent();
  const ask = async (at) => (await fetch(`${orgate.address}/api/v1${at}`, { headers: { Authorization: `Bearer ${token}` } })).status;
  expect([await ask('/organizations/acme/members'), await ask('/settings/mail')]).toEqual([200, 403]);
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('gridcell', { name: 'Acme' }).click();
  await confirm(page, 'Revoke');
  await expect(said(page)).toContainText('nightly-import was revoked');
  expect(await ask('/organizations/acme/members')).toBe(401);
});

test('an enterprise asks for more room, and is granted it', async ({ page, browser, orgate }) => {
  await orgate.manage('POST', '/organizations', { code: 'saltworks', name: 'Saltworks', domain: 'saltworks.example', limits: { members: 5 } });
  const owner = { account: 'dora@saltworks.example', name: 'Dora', password, must_change_password: false };
  const { id } = await orgate.manage('POST', '/organizations/saltworks/members', owner);
  await orgate.manage('POST', `/organizations/saltworks/members/${id}/role`, { role: 'administrator' });
  const other = await (await browser.newContext({ baseURL: orgate.address, locale: 'en-US' })).newPage();
  await signIn(other, owner.account, password);
  await expect(other.locator('h1')).toHaveText('Dora');
  await other.goto('/console/saltworks/organization/limits');
  await other.getByLabel('What it is for').fill('The new branch in Suzhou');
  await other.getByRole('button', { name: 'Ask for 100 more' }).click();
  await expect(other.getByRole('row').filter({ hasText: 'Suzhou' })).toContainText('Waiting for a decision');

  await open(page, orgate);
  await expect(page.getByText('1 request for more room waits for your decision')).toBeVisible();
  await page.getByRole('link', { name: 'Decide' }).click();
  await page.getByRole('gridcell', { name: 'The new branch in Suzhou' }).click();
  await expect(panel(page)).toContainText('dora@saltworks.example');
  await panel(page).getByLabel('Answer').fill('Welcome, Suzhou');
  await panel(page).getByRole('button', { name: 'Approve' }).click();
  await expect(said(page)).toContainText('was approved');
  await expect(page.locator('.state h2')).toHaveText('Nothing waits for your decision');

  await other.reload();
  await expect(other.getByRole('row').filter({ hasText: 'Suzhou' })).toContainText('Welcome, Suzhou');
  await expect(other.locator('.facts').first()).toContainText('105');
  await other.context().close();
});

test('administrators of the installation come and go', async ({ page, orgate }) => {
  await open(page, orgate, 'administrators/new');
  await panel(page).getByLabel('Account').fill('second@orgate.test');
  await panel(page).getByRole('button', { name: 'Add administrator' }).click();
  await expect(panel(page).locator('.secret-box')).toContainText('second@orgate.test');
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('row').filter({ hasText: 'root@orgate.test' }).click();
  await expect(panel(page)).toContainText('This is you');
  await page.getByRole('row').filter({ hasText: 'second@orgate.test' }).click();
  await confirm(page, 'Remove', 'second@orgate.test');
  await expect(said(page)).toContainText('second@orgate.test was removed');
});

test('what both have is kept apart: App IDs, texts and the privacy statement of the installation', async ({ page, orgate }) => {
  await open(page, orgate, 'app-ids/new');
  await panel(page).getByLabel('Name').fill('operations desk');
  await panel(page).getByRole('button', { name: 'Add App ID' }).click();
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByRole('rowheader', { name: 'operations desk' })).toBeVisible();
  const own = async (at) => (await orgate.manage('GET', at)).items.map((a) => a.name);
  expect([await own('/provider/app-ids'), await own('/organizations/acme/app-ids')].map((l) => l.includes('operations desk'))).toEqual([true, false]);

  await page.goto('/console/-/texts/code/en-US');
  await panel(page).getByLabel('Subject of the mail').fill('The code of the house');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('is told in your words');
  const { in_force } = await orgate.manage('GET', '/organizations/acme/message-texts/code/en-US');
  expect(in_force.subject).toBe('The code of the house');
  await confirm(page, 'Back to the usual words');
  await expect(said(page)).toContainText('is told in the usual words');

  await page.goto('/console/-/privacy');
  await page.getByLabel('Title (English)').fill('What the house keeps');
  await page.getByLabel('Text (English)').fill('Your name.');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(said(page)).toContainText('The draft was saved');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(question(page)).toContainText('Those whose organisation has no statement of its own');
  await question(page).getByRole('button', { name: 'Cancel' }).click();
});

test('general settings are saved, and the log of all enterprises is narrowed to one', async ({ page, orgate }) => {
  const { version: _, ...before } = await orgate.manage('GET', '/settings/accounts');
  await open(page, orgate, 'general');
  await page.getByText('Make an account of their own', { exact: true }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(said(page)).toContainText('The settings were saved');
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Shangh');
  await page.getByRole('option', { name: 'Asia/Shanghai' }).click();
  await page.getByRole('button', { name: 'Save time zone' }).click();
  await expect.poll(async () => (await orgate.manage('GET', '/settings/reports')).time_zone).toBe('Asia/Shanghai');
  expect((await orgate.manage('GET', '/settings/accounts')).registration).toBe(!before.registration);
  await orgate.manage('PUT', '/settings/accounts', before);

  await page.goto('/console/-/operations');
  await expect(page.getByRole('gridcell', { name: 'Acme' }).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Enterprise' }).fill('cloud');
  await page.getByRole('option', { name: 'CloudDragon' }).click();
  await expect(page).toHaveURL(/organization=org_/);
  await expect(page.getByRole('gridcell', { name: 'CloudDragon' }).first()).toBeVisible();
  await expect(page.getByRole('gridcell', { name: 'Acme' })).toHaveCount(0);
  const written = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  expect((await written).suggestedFilename()).toContain('.csv');
});

test.describe('pages', () => {
  test.setTimeout(400_000);
  test('of the installation', async ({ page, orgate }) => {
    await open(page, orgate);
    const { id } = await orgate.manage('GET', '/organizations/acme');
    for (const path of ['', `enterprises/${id}`, 'enterprises/new', 'quota-requests', 'administrators/new', 'api-tokens/new', 'mail', 'sms', 'message-limits', 'messages', 'general', 'operations', 'resources', 'reports']) {
      await page.goto(`/console/-/${path}`);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('.loading')).toHaveCount(0);
      await expectAccessible(page);
    }
  });
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test('the enterprises in Chinese', async ({ page }) => {
    await page.goto('/login');
    await page.locator('#account').fill(account);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
    await page.waitForURL((url) => url.pathname !== '/login');
    await page.goto('/console/-/enterprises/new');
    await expect(page.locator('h1')).toHaveText('企业');
    await expect(panel(page).getByRole('heading', { name: '添加企业' })).toBeVisible();
    await expectAccessible(page);
  });
});
