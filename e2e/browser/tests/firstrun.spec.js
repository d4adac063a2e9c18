// The first run: from the printed address to an enterprise with a member who enters an application.
import { Orgate } from '../lib/orgate.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, test } from '../lib/test.js';

const field = (page, label) => page.getByLabel(label, { exact: true });
const heading = (page) => page.getByRole('heading', { level: 1 });
const step = (page, text) => page.getByRole('listitem').filter({ hasText: text });
const password = 'Jasper-canyon-80';

test.setTimeout(120_000);

async function signIn(page, account) {
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

test('an empty installation is led to its first member who signs in to an application', async ({ browser, database }) => {
  const orgate = await Orgate.empty({ database });
  const context = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const page = await context.newPage();

  // By another name than the configured one the page tells so, whatever the server was told.
  await page.goto(orgate.setUp.replace('127.0.0.1', 'localhost'));
  await expect(page.getByRole('alert')).toContainText('another address');
  await page.goto(orgate.setUp);
  await expect(page.getByRole('main')).toContainText(`reach Orgate at ${orgate.address}.`);
  await expect(page.getByText('another address')).toBeHidden();
  await expectAccessible(page);
  await page.locator('#account').fill('root@sp.example');
  await page.locator('#name').fill('Rita Root');
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
  await expect(heading(page)).toHaveText('The administrator is ready');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Open the management centre' }).click();
  await signIn(page, 'root@sp.example');

  const steps = page.getByRole('region', { name: 'First steps' });
  await expect(step(steps, `Orgate is reached at ${orgate.address}`)).toContainText('Done');
  await expect(step(steps, 'Add the first enterprise')).toContainText('To do');
  await expectAccessible(page);
  await steps.getByRole('link', { name: 'Add enterprise' }).click();
  await field(page, 'Name').fill('Pier');
  await field(page, 'Code').fill('pier');
  await field(page, 'Domain').fill('pier.example');
  await field(page, 'Name of the administrator').fill('Olga Owner');
  await field(page, 'Account').fill('olga@pier.example');
  await field(page, 'Password').fill(password);
  await page.getByText('Change the password at the first sign-in').first().click();
  await page.getByRole('button', { name: 'Add enterprise', exact: true }).click();
  await expect(page.locator('.said')).toContainText('Pier was added');

  await page.goto('/console/');
  await expect(step(steps, 'The enterprise Pier is there')).toContainText('Done');
  await steps.getByRole('link', { name: 'Add an application' }).click();
  await expect(page).toHaveURL('/console/pier/applications/new');
  const relying = await Relying.start(orgate, { client: 'pier-notes', secret: 'not known yet' });
  await field(page, 'Name').fill('Notes');
  await field(page, 'Client ID').fill('pier-notes');
  await field(page, 'Redirect addresses').fill(relying.callback);
  await page.getByText('Every member', { exact: true }).click();
  await page.getByRole('button', { name: 'Add application', exact: true }).click();
  relying.keeps(await page.locator('.secret-box code').last().textContent());
  await page.getByRole('button', { name: 'I have stored it', exact: true }).click();
  await page.goto('/console/');
  await expect(page.getByRole('heading', { name: 'Next steps' })).toBeVisible();
  await expect(steps).toHaveCount(0);

  // Set-up stays closed, and the enterprise's owner is in at once.
  await page.goto(orgate.setUp);
  await expect(page.getByRole('main')).toContainText('stays closed');
  const own = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const there = await own.newPage();
  await there.goto(await relying.ask());
  await signIn(there, 'olga@pier.example');
  await expect(there).toHaveTitle('back');
  expect((await relying.redeem(there.url())).claims.sub).toBeTruthy();

  await own.close();
  await context.close();
  await relying.stop();
  await orgate.stop();
});
