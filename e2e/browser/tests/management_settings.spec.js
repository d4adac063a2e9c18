// The management centre as an administrator uses it: invitations, files, and the settings of the organisation.
import { expect, expectAccessible, signIn, test } from '../lib/test.js';

test.setTimeout(120_000);

/** Enters the management centre as Acme's owner and opens one of its pages. */
async function open(page, orgate, path) {
  await signIn(page, 'owner@acme.example', orgate.password);
  await expect(page.locator('h1')).toHaveText('Olivia Owner');
  await page.goto(`/console/acme/${path}`);
}

const said = (page) => page.locator('.said[role=status]');
const panel = (page) => page.locator('section.panel');
const question = (page) => page.getByRole('alertdialog');

/** Answers the question that a button asks. */
async function confirm(page, verb) {
  await panel(page).getByRole('button', { name: verb, exact: true }).click();
  await question(page).getByRole('button', { name: verb, exact: true }).click();
}

test('somebody is invited, and the invitation is cancelled', async ({ page, orgate }) => {
  await open(page, orgate, 'invitations/new');
  await panel(page).getByLabel('Name').fill('Ines Invited');
  const contact = panel(page).getByLabel('Mail address or mobile number');
  await contact.fill('not an address');
  await panel(page).getByRole('button', { name: 'Send invitation' }).click();
  await expect(panel(page).locator('.error')).toBeVisible();
  await contact.fill('ines@partner.example');
  await panel(page).getByRole('button', { name: 'Send invitation' }).click();
  await expect(said(page)).toContainText('ines@partner.example');
  await page.getByRole('row', { name: /Ines Invited|inv_/ }).first().click();
  await expect(panel(page)).toContainText('Not answered');
  await confirm(page, 'Cancel invitation');
  await expect(panel(page)).toContainText('Cancelled');
});

test('a file is checked, mended by what is told, and imported; an export is read', async ({ page, orgate }) => {
  await open(page, orgate, 'tasks/import');
  const rows = 'account,name,email\nivy,Ivy Import,ivy@acme.example\nbad,Bad Mail,not-a-mail\n';
  await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await expect(panel(page)).toContainText('people.csv');
  await panel(page).getByRole('button', { name: 'Check file' }).click();
  await expect(panel(page)).toContainText('Nothing was stored', { timeout: 20_000 });
  await expect(panel(page).getByRole('grid', { name: 'What to mend' })).toContainText('3');
  const refused = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Refused rows as a file' }).click();
  expect((await refused).suggestedFilename()).toContain('.csv');
  await confirm(page, 'Import for real');
  await expect(panel(page).locator('.tag')).toHaveText('Done', { timeout: 20_000 });
  await page.reload();
  await expect(panel(page).locator('.tag')).toHaveText('Done');
  await expectAccessible(page);

  await page.goto('/console/acme/tasks/export?list=exports');
  await panel(page).getByRole('button', { name: 'Export' }).click();
  await expect(panel(page).locator('.tag')).toHaveText('Done', { timeout: 20_000 });
  const written = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Download' }).click();
  expect((await written).suggestedFilename()).toContain('.xlsx');
});

test('attributes and domains are added and removed', async ({ page, orgate }) => {
  await open(page, orgate, 'attributes/new');
  await panel(page).getByLabel('Label').fill('Shift');
  const key = panel(page).getByLabel('Key');
  await key.fill('not a key');
  await panel(page).getByRole('button', { name: 'Add attribute' }).click();
  await expect(panel(page).locator('.error')).toBeVisible();
  await key.fill('shift');
  await panel(page).getByRole('button', { name: 'Add attribute' }).click();
  await expect(said(page)).toContainText('Shift was added');
  await page.goto('/console/acme/attributes/shift');
  await confirm(page, 'Remove');
  await expect(said(page)).toContainText('Shift was removed');

  await page.goto('/console/acme/domains/new');
  await panel(page).getByLabel('Domain').fill('pilot.test');
  await panel(page).getByRole('button', { name: 'Add domain' }).click();
  await expect(panel(page)).toContainText('orgate-verification=');
  await panel(page).getByRole('button', { name: /How do you want to prove it/ }).click();
  await page.getByRole('option', { name: 'By an MX record' }).click();
  await expect(panel(page)).toContainText('65535');
  await confirm(page, 'Remove');
  await expect(said(page)).toContainText('pilot.test was removed');
});

test('the organisation is described, and a rule that cannot be is refused at its field', async ({ page, orgate }) => {
  await open(page, orgate, 'organization');
  await page.getByLabel('Description').fill('Makes everything.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('The organisation was saved');
  await page.getByRole('tab', { name: 'Password rules' }).click();
  const least = page.getByLabel('Least number of characters');
  const before = await least.inputValue();
  await least.fill('100000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.error').or(page.locator('.form .alert')).first()).toBeVisible();
  await least.fill(before);
  await page.getByRole('tab', { name: 'Ownership' }).click();
  await page.getByRole('button', { name: 'Dissolve organisation' }).click();
  await expect(question(page).getByRole('button', { name: 'Dissolve organisation' })).toBeDisabled();
  await question(page).getByRole('button', { name: 'Cancel' }).click();
});

test('contacts, the privacy statement and messages are written', async ({ page, orgate }) => {
  await open(page, orgate, 'contacts/new');
  await panel(page).getByLabel('Name').fill('Carla Customer');
  const mail = panel(page).getByLabel('Mail address');
  await mail.fill('nowhere');
  await panel(page).getByRole('button', { name: 'Add contact' }).click();
  await expect(panel(page).locator('.error')).toBeVisible();
  await mail.fill('carla@customer.example');
  await panel(page).getByRole('button', { name: 'Add contact' }).click();
  await expect(said(page)).toContainText('Carla Customer was added');
  await page.getByRole('gridcell', { name: 'carla@customer.example' }).click();
  await panel(page).getByLabel('Company').fill('Customer Ltd');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Carla Customer was saved');
  await confirm(page, 'Remove');
  await expect(said(page)).toContainText('Carla Customer was removed');

  await page.goto('/console/acme/privacy');
  await page.getByLabel('Title (English)').fill('What we keep');
  await page.getByLabel('Text (English)').fill('# Names\nWe keep your name.');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(said(page)).toContainText('The draft was saved');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(question(page)).toContainText(/Publish version 1\?.*\d+ people/s);
  await question(page).getByRole('button', { name: 'Cancel' }).click();

  await page.goto('/console/acme/texts/code/en-US');
  await panel(page).getByLabel('Subject of the mail').fill('Your code for Acme');
  await panel(page).getByRole('button', { name: 'Show', exact: true }).click();
  await expect(panel(page).locator('.note')).toContainText('Your code for Acme');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('is told in your words');
  await confirm(page, 'Back to the usual words');
  await expect(said(page)).toContainText('is told in the usual words');
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test.setTimeout(400_000);
  test('the pages of settings in Chinese', async ({ page, orgate }) => {
    await page.goto('/login');
    await page.locator('#account').fill('owner@acme.example');
    await page.locator('#password').fill(orgate.password);
    await page.locator('#password').press('Enter');
    await expect(page.locator('h1')).toHaveText('Olivia Owner');
    for (const [path, title] of [
      ['invitations/new', '邀请'],
      ['tasks/import', '导入与导出'],
      ['contacts/new', '外部联系人'],
      ['attributes/new', '自定义字段'],
      ['domains/new', '域名'],
      ['organization', '组织信息'],
      ['privacy', '隐私声明'],
      ['texts/code/zh-CN', '消息文案'],
    ]) {
      await page.goto(`/console/acme/${path}`);
      await expect(page.locator('h1')).toHaveText(title);
      await expect(page.locator('.panel, .form').first()).toBeVisible();
      await expectAccessible(page);
    }
  });
});
