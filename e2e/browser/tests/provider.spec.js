// The pages of who runs the installation: enterprises, who may do what, messages, and logs.
import { expect, expectAccessible, signIn, test } from '../lib/test.js';
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
  await expect(page.getByRole('row', { name: /Acme/ })).toHaveCount(0);
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
