// The user centre, drawn by script: applications, requests, devices, and the way out; and the management centre's members.
import { expect, expectAccessible, signIn, signInBySSO, signOut, test } from '../lib/test.js';

const heading = (page) => page.getByRole('heading', { level: 1 });

test('an employee opens an application by one click, sees devices and sign-ins, and signs out', async ({ page, orgate }) => {
  await signInBySSO(page, orgate, { account: 'alice' });
  await expect(heading(page)).toHaveText('Alice Archer');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Wiki' }).click();
  await expect(page).toHaveURL((url) => url.origin === new URL(orgate.applications).origin);
  await page.goto('/my/devices');
  await expect(page.getByRole('listitem').filter({ hasText: 'Entered: Wiki' })).toBeVisible();
  await expectAccessible(page);
  for (const path of ['/my/requests', '/my/sign-ins', '/my/account']) {
    await page.goto(path);
    await expect(heading(page)).toBeVisible();
    await expectAccessible(page);
  }
  await expect(page.getByRole('link', { name: 'Management centre' })).toHaveCount(0);
  await signOut(page);
  await page.goto('/my/devices');
  await expect(page).toHaveURL(/\/login\?/);
});

test('requests wait in the management centre, which is closed to whoever administers nothing', async ({ page, browser, orgate }) => {
  await signInBySSO(page, orgate, { account: 'alice' });
  await page.goto('/console/');
  await expect(page.getByRole('main')).toContainText('nothing for you to administer');
  const office = await browser.newContext({ baseURL: orgate.address });
  const owner = await office.newPage();
  await signIn(owner, 'owner@acme.example', orgate.password);
  await owner.goto('/console/acme/requests');
  await expect(owner.getByRole('heading', { name: 'Decided requests' })).toBeVisible();
  await expectAccessible(owner);
  await office.close();
});

test('the owner adds a member, mends what the server says of a field, and freezes them', async ({ page, orgate }) => {
  await signIn(page, 'owner@acme.example', orgate.password);
  await page.goto('/console/acme/members');
  await page.getByRole('link', { name: 'Add member' }).click();
  const panel = page.getByRole('region', { name: 'Add member' });
  await panel.getByLabel('Name', { exact: false }).first().fill('Peter Paul');
  await panel.getByLabel('Account').fill('alice@acme.example');
  await panel.getByRole('button', { name: 'Add member' }).click();
  await expect(panel.getByLabel('Account')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await panel.getByLabel('Account').fill('peter@acme.example');
  // What is not saved is not lost by a wrong click.
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stay here' }).click();
  await panel.getByRole('button', { name: 'Add member' }).click();
  await expect(panel.getByRole('heading', { name: 'The first password' })).toBeVisible();
  await panel.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('searchbox', { name: /^Name, account/ }).fill('peter');
  await expect(page).toHaveURL(/[?&]q=peter/);
  await page.getByRole('row').filter({ hasText: 'peter@acme.example' }).click();
  const peter = page.getByRole('region', { name: 'Peter Paul' });
  await peter.getByRole('button', { name: 'Freeze' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Freeze' }).click();
  await expect(peter.getByText('Frozen')).toBeVisible();
  await page.reload();
  await expect(peter.getByText('Frozen')).toBeVisible();
  await expectAccessible(page);
});
