// The administrator's pages: enterprise sign-in is tried before it is saved, and a refused sign-in is found by its code.
import { expect, expectAccessible, test } from '../lib/test.js';

/** Signs somebody in at the centre, whatever the language of its page. */
async function atCentre(page, orgate, account) {
  await expect(page).toHaveURL((url) => url.origin === orgate.centre);
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(orgate.centrePassword);
  await page.locator('#password').press('Enter');
}

/** Signs Acme's administrator in through the enterprise's own centre. */
async function enter(page, orgate) {
  await page.goto('/sso?domain=acme.example&client=web');
  await atCentre(page, orgate, 'adam');
  await expect(page.locator('h1')).toHaveText('Adam Admin');
}

/** Tries what the form holds, going through the centre as a person. */
async function tryOut(page, orgate, person) {
  await page.locator('button[value=try]').first().click();
  await page.locator('a.button').first().click();
  await atCentre(page, orgate, person);
  await expect(page).toHaveURL(/\/console\/sso\/org_[^/]+\/tries\/try_/);
}

for (const locale of ['en-US', 'zh-CN']) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(180_000);

    test('pages of an administrator', async ({ page, orgate }) => {
      await enter(page, orgate);
      for (const path of ['/console/', '/console/acme/sso', '/console/acme/traces', '/console/traces/NONESUCH', '/console/nobody/sso']) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', locale);
        await expectAccessible(page);
      }
      await page.goto('/console/acme/traces');
      await page.locator('a[href^="/console/traces/"]').first().click();
      await expectAccessible(page);
      await page.goto('/console/acme/sso');
      await page.locator('[name="client_secret"]').fill('not-the-secret-of-the-centre');
      await tryOut(page, orgate, 'nadia');
      await expectAccessible(page);
    });
  });
}

test('a wrong secret is found before it is saved, the right one enables', async ({ page, orgate }) => {
  await enter(page, orgate);
  await page.goto('/console/acme/sso');
  await page.locator('[name="client_secret"]').fill('not-the-secret-of-the-centre');
  await tryOut(page, orgate, 'nadia');
  await expect(page.getByText('token_client')).toBeVisible();
  await expect(page.locator('button[value=enable]')).toHaveCount(0);
  expect(await page.content()).not.toContain('not-the-secret-of-the-centre');

  await page.goto('/console/acme/sso');
  await page.locator('[name="fields.name"]').fill('city');
  await tryOut(page, orgate, 'nadia');
  await expect(page.getByRole('button', { name: 'Save and enable' })).toBeVisible();
  await page.getByRole('button', { name: 'Save and enable' }).click();
  await page.goto('/console/acme/sso');
  await expect(page.locator('[name="fields.name"]')).toHaveValue('city');
  await page.locator('[name="fields.name"]').fill('nickname');
  await tryOut(page, orgate, 'nadia');
  await page.getByRole('button', { name: 'Save and enable' }).click();
});

test('members and strangers do not see the pages', async ({ page, orgate }) => {
  await page.goto('/console/acme/sso');
  await expect(page).toHaveURL(/\/login\?/);
  await page.goto('/sso?domain=acme.example&client=web');
  await atCentre(page, orgate, 'alice');
  await expect(page.locator('h1')).toHaveText('Alice Archer');
  const answer = await page.goto('/console/acme/sso');
  expect(answer.status()).toBe(403);
});
