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
  await expect(page.getByLabel('Domain', { exact: true })).toHaveValue('acme.example');
  await expect(page.getByLabel('Client secret', { exact: true })).toHaveValue('');
  await expectAccessible(page);
});

/** Presses *Try it* and goes on in the tab that it leads to, as a person. */
async function tryOut(page, orgate, person) {
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: `Sign in at ${new URL(orgate.centre).host}` }).click();
  const tab = await opened;
  await atCentre(tab, orgate, person);
  await expect(tab).toHaveURL(/\/console\/sso\/.+\/tries\//);
  return tab;
}

test('a try goes to the centre, comes back with a report, and opens saving', async ({ page, orgate }) => {
  await page.goto(settings);
  const tab = await tryOut(page, orgate, 'alice');
  await expect(main(page)).toContainText('Alice Archer');
  await expectAccessible(page);
  await expect(main(tab)).toContainText('Alice Archer');
  await expectAccessible(tab);
  await main(tab).locator('button[value=enable_tried]').click();
  await expect(tab).toHaveURL(/done=enabled/);
  await expect(main(tab)).toContainText('In force');
});

test('a try of a wrong secret says what to mend, and where', async ({ page, orgate }) => {
  await page.goto(settings);
  await page.getByLabel('Client secret', { exact: true }).fill('not-the-secret-of-acme');
  await tryOut(page, orgate, 'alice');
  await expect(main(page).locator('.steps .failed').first()).toBeVisible();
  await expect(main(page)).not.toContainText('not-the-secret-of-acme');
  await expectAccessible(page);
  await page.getByLabel('Token address', { exact: true }).fill('not an address');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(main(page).getByRole('alert')).toContainText('try them as they are typed');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await expect(main(page).locator('.field[data-invalid] .error')).toBeVisible();
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
  await main(page).getByRole('row').filter({ hasText: code }).click();
  await expect(page).toHaveURL(`/console/acme/traces/${code}`);
  await expect(page.getByRole('region', { name: code }).locator('.timeline')).toBeVisible();
  await expectAccessible(page);
  for (const view of ['operations', 'sign-ins', 'reports']) {
    await page.goto(`/console/acme/${view}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});
