// Administrators of Acme, in a browser: what they administer, the settings of the centre, a try, and a trace.
import { atCentre, expect, expectAccessible, shownCode, signIn, test } from '../lib/test.js';

const main = (page) => page.getByRole('main');
const settings = '/console/acme/sso';

test.beforeEach(async ({ page, orgate }) => {
  await signIn(page, 'owner@acme.example', orgate.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Olivia Owner');
});

test('the owner finds the settings of their own organisation', async ({ page }) => {
  await page.goto('/console/');
  await expect(page).toHaveURL('/console/acme');
  await expect(main(page).getByRole('heading', { level: 1 })).toHaveText('Acme');
  await expect(main(page)).toContainText('Activation rate');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'SSO login' }).click();
  await expect(page.locator('#domain')).toHaveValue('acme.example');
  await expect(page.locator('#client_secret')).toHaveValue('');
  await expectAccessible(page);
});

test('a try goes to the centre, comes back with a report, and opens saving', async ({ page, orgate }) => {
  await page.goto(settings);
  await page.getByRole('button', { name: 'Try before save' }).click();
  await expectAccessible(page);
  await main(page).getByRole('link', { name: new URL(orgate.centre).host }).click();
  await atCentre(page, orgate, 'alice');
  await expect(page).toHaveURL(/\/console\/sso\/.+\/tries\//);
  await expect(main(page)).toContainText('Alice Archer');
  await expectAccessible(page);
  await main(page).locator('button[value=enable_tried]').click();
  await expect(page.getByRole('status')).toBeVisible();
  await expect(page).toHaveURL(/done=enabled/);
});

test('a try of a wrong secret says what to mend, and where', async ({ page, orgate }) => {
  await page.goto(settings);
  await page.locator('#client_secret').fill('not-the-secret-of-acme');
  await page.getByRole('button', { name: 'Try before save' }).click();
  await main(page).getByRole('link', { name: new URL(orgate.centre).host }).click();
  await atCentre(page, orgate, 'alice');
  await expect(main(page).locator('.step.failed').first()).toBeVisible();
  await expect(main(page)).not.toContainText('not-the-secret-of-acme');
  await expectAccessible(page);
  await main(page).locator('.step.failed a').first().click();
  await expect(page.locator('#client_secret')).toBeInViewport();
  await page.locator('#scope').fill('other');
  await page.locator('#domain').fill('not a domain');
  await main(page).locator('form.fields button[value=enable]').click();
  await expect(page.locator('#domain-error')).toBeVisible();
  await expectAccessible(page);
});

test('the code on a refusal leads to its story', async ({ page, browser, orgate }) => {
  const stranger = await browser.newContext({ baseURL: orgate.address });
  const theirs = await stranger.newPage();
  await theirs.goto('/sso?domain=acme.example&client=web');
  await theirs.getByRole('button', { name: 'Cancel' }).click();
  const code = await shownCode(theirs);
  await stranger.close();
  await page.goto('/console/');
  await page.getByLabel('Code on a refusal').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page).toHaveURL(`/console/traces/${code}`);
  await expect(async () => {
    await page.goto(`/console/traces/${code}`);
    await expect(main(page)).toContainText(code);
  }).toPass();
  await expectAccessible(page);
  await page.goto('/console/acme/traces');
  await expect(main(page).getByRole('link', { name: code })).toBeVisible();
  await expectAccessible(page);
});
