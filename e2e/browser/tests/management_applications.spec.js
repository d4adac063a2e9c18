// The management centre as an administrator uses it: applications from the wizard to their end, and what stands around them.
import { expect, expectAccessible, find, test } from '../lib/test.js';

const field = (page, label) => page.getByLabel(label, { exact: true });
const box = (page, name) => page.getByRole('combobox', { name, exact: true });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const tab = (page, name) => page.getByRole('tab', { name, exact: true }).click();
const dialog = (page) => page.getByRole('alertdialog');

/** Answers the question of a button by its own verb. */
async function confirm(page, verb, typed) {
  await press(page, verb);
  if (typed) await dialog(page).getByRole('textbox').fill(typed);
  await dialog(page).getByRole('button', { name: verb, exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
}

test.setTimeout(180_000);

test.beforeEach(async ({ page, orgate }) => {
  await page.goto('/login');
  await page.locator('#account').fill('owner@acme.example');
  await page.locator('#password').fill(orgate.password);
  await page.locator('#password').press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Olivia Owner');
});

test('an application: added by the wizard, connected, tested, given another secret, removed', async ({ page }) => {
  await page.goto('/console/acme/applications');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add application' }).click();
  await field(page, 'Redirect addresses').fill('http://evil.example/cb');
  await field(page, 'Name').fill('Charts');
  await press(page, 'Add application');
  await expect(page.locator('.field[data-invalid] .error')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Another application/ }).click();
  await page.getByRole('option', { name: /^Grafana/ }).click();
  await field(page, 'Its address').fill('https://charts.example');
  await expect(field(page, 'Redirect addresses')).toHaveValue('https://charts.example/login/generic_oauth');
  await field(page, 'Client ID').fill('charts');
  await page.getByText('Every member', { exact: true }).click();
  await press(page, 'Add application');

  const secret = await page.locator('.secret-box code').nth(1).textContent();
  await expect(page.locator('pre')).toContainText(`client_secret = ${secret}`);
  await expectAccessible(page);
  await press(page, 'I have stored it');
  await expect(page.getByRole('main')).not.toContainText(secret);
  await page.getByRole('link', { name: 'To the application' }).click();
  await expect(page).toHaveURL('/console/acme/applications/charts');
  // Any picture will do: what is no square of the right size is cut in the browser.
  await page.locator('input[type=file]').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await expect(page.getByRole('img', { name: 'Icon' })).toHaveJSProperty('naturalWidth', 240);

  for (const name of ['Connect', 'OpenID Connect', 'Attributes', 'Who may enter', 'Access control', 'Sync', 'Secrets', 'Log']) {
    await tab(page, name);
    await expectAccessible(page);
  }
  await tab(page, 'Secrets');
  await confirm(page, 'Make a new secret');
  await expect(page.locator('.secret-box code').nth(1)).not.toHaveText(secret);
  await press(page, 'I have stored it');
  await expect(page.getByRole('listitem').filter({ hasText: 'The secret before' })).toBeVisible();

  await tab(page, 'Attributes');
  await press(page, 'Add a rule');
  await field(page, "The application's name for it").fill('login');
  await press(page, 'Save');
  await expect(page.locator('.said')).toContainText('Charts was saved');
  await find(box(page, 'For this member'), 'alice', /Alice Archer/);
  await press(page, 'Show what is released');
  await expect(page.getByRole('table')).toContainText('alice');

  await tab(page, 'General');
  await confirm(page, 'Disable');
  await expect(page.getByText('Disabled', { exact: true })).toBeVisible();
  await confirm(page, 'Remove', 'Charts');
  await expect(page).toHaveURL('/console/acme/applications');
  await expect(page.getByRole('grid')).not.toContainText('charts');
});

test('a region, and a policy that names it: ordered, asked, and replayed', async ({ page }) => {
  await page.goto('/console/acme/regions/new');
  await field(page, 'Name').fill('Office');
  await field(page, 'Network').fill('ten');
  await press(page, 'Add region');
  await expect(page.locator('.field[data-invalid] .error')).toBeVisible();
  await field(page, 'Network').fill('10.0.0.0/8');
  await press(page, 'Add region');
  await expect(page.getByRole('grid')).toContainText('10.0.0.0/8');
  await expectAccessible(page);

  await page.goto('/console/acme/applications/wiki/control');
  for (const [name, decision] of [['Only here', 'Let in'], ['Else', 'Stop']]) {
    await page.getByRole('link', { name: 'Add policy' }).click();
    await field(page, 'Name').fill(name);
    await page.getByRole('button', { name: /^Stop/ }).click();
    await page.getByRole('option', { name: new RegExp(`^${decision}`) }).click();
    await page.getByText('Report only', { exact: true }).click();
    if (decision === 'Let in') {
      await find(box(page, 'From these regions'), 'Off', /Office/);
      await expectAccessible(page);
      await press(page, 'Play');
      await expect(page.getByText('Would have been stopped')).toBeVisible();
    }
    await press(page, 'Add policy');
    await expect(page.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  }
  const policies = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Edit' }) });
  await page.getByRole('button', { name: 'Move Else up' }).click();
  await expect(policies.first()).toContainText('1. Else');
  await page.getByRole('button', { name: 'Move Else down' }).click();
  await expect(policies.first()).toContainText('1. Only here');
  await find(box(page, 'Member'), 'alice', /Alice Archer/);
  await field(page, 'Address').fill('10.1.2.3');
  await press(page, 'Ask');
  await expect(page.getByText('They would be let in.')).toBeVisible();
  await expectAccessible(page);
  for (const name of ['Else', 'Only here']) {
    await policies.filter({ hasText: name }).getByRole('button', { name: 'Remove' }).click();
    await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(policies.filter({ hasText: name })).toHaveCount(0);
  }
});

test('App IDs and webhooks: the secret once, another one, and the end', async ({ page }) => {
  await page.goto('/console/acme/app-ids/new');
  await field(page, 'Name').fill('Intranet');
  await press(page, 'Add App ID');
  const key = await page.locator('.secret-box code').nth(1).textContent();
  await expectAccessible(page);
  await press(page, 'I have stored it');
  await page.getByRole('row', { name: /Intranet/ }).click();
  await expect(page.getByRole('main')).not.toContainText(key);
  await expectAccessible(page);
  await confirm(page, 'Reset key');
  await press(page, 'I have stored it');
  await confirm(page, 'Remove', 'Intranet');
  await expect(page.locator('.said')).toContainText('Intranet was removed');

  await page.goto('/console/acme/webhooks/new');
  await field(page, 'Name').fill('Ledger');
  await field(page, 'Address').fill('http://hook.example/in');
  await page.getByText('Everything that happens').click();
  await press(page, 'Add webhook');
  await expect(page.locator('.field[data-invalid] .error')).toBeVisible();
  await field(page, 'Address').fill('https://hook.example/in');
  await press(page, 'Add webhook');
  await expect(page.locator('.secret-box')).toContainText('whsec_');
  await press(page, 'I have stored it');
  await page.getByRole('row', { name: /Ledger/ }).click();
  await tab(page, 'Calls');
  await expectAccessible(page);
  await tab(page, 'Settings');
  await confirm(page, 'Remove', 'Ledger');
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test('the pages in Chinese, and no address of a stranger', async ({ page }) => {
    for (const path of ['applications', 'applications/new', 'applications/wiki/control?policy=new', 'sources', 'sso', 'regions', 'webhooks/new']) {
      await page.goto(`/console/acme/${path}`);
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await expectAccessible(page);
    }
    await page.goto('/console/acme/applications/nonesuch');
    await expect(page.getByRole('alert')).toBeVisible();
  });
});
