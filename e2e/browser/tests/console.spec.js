// The administrator's pages in the second language, and for those who may not see them; the journeys are in administrators.spec.js.
import { atCentre, expect, expectAccessible, test } from '../lib/test.js';

/** Signs Acme's administrator in through the enterprise's own centre. */
async function enter(page, orgate) {
  await page.goto('/sso?domain=acme.example&client=web');
  await atCentre(page, orgate, 'adam');
  await expect(page.locator('h1')).toHaveText('Adam Admin');
}

test.describe('zh-CN', () => {
  const locale = 'zh-CN';
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
    await page.getByRole('row').nth(1).click();
    await expect(page.locator('.timeline')).toBeVisible();
    await expectAccessible(page);
    await page.goto('/console/acme/sso');
    await page.locator('[name="client_secret"]').fill('not-the-secret-of-the-centre');
    await page.getByRole('button', { name: '试用', exact: true }).click();
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: new URL(orgate.centre).host }).click();
    const tab = await opened;
    await atCentre(tab, orgate, 'nadia');
    await expect(tab).toHaveURL(/\/console\/sso\/[^/]+\/tries\/try_/);
    await expectAccessible(tab);
    await expect(page.locator('.steps .failed').first()).toBeVisible();
  });
});

test('members and strangers do not see the pages', async ({ page, orgate }) => {
  await page.goto('/console/acme/sso');
  await expect(page).toHaveURL(/\/login\?/);
  await page.goto('/sso?domain=acme.example&client=web');
  await atCentre(page, orgate, 'alice');
  await expect(page.locator('h1')).toHaveText('Alice Archer');
  await page.goto('/console/acme/sso');
  await expect(page.getByRole('heading', { name: 'There is nothing for you to administer' })).toBeVisible();
});
