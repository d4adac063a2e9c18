// An administrator tries an application before its settings are saved.
import { mkdirSync } from 'node:fs';
import { password, plainOrganization } from '../lib/plain.js';
import { expect, expectAccessible, signIn, test } from '../lib/test.js';

const heading = (page) => page.getByRole('heading', { level: 1 });
const folder = process.env.ORGATE_TEST_PICTURES;

/** Pictures for the eye, where a folder is named. */
async function picture(page, name) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
}

async function register(orgate, code) {
  await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Tool shed, protocol: oidc, client_id: ${code}, access: {members: [ann@${code}.example]},
         home_urls: ["https://shed.example/callback"]}\n`);
}

for (const [locale, code] of [['en-US', 'mill'], ['zh-CN', 'barn']]) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(240_000);

    test('fails with a remedy, is mended, passes, and is saved', async ({ page, orgate }) => {
      await register(orgate, code);
      await page.goto('/login');
      await page.locator('#account').fill(`owner@${code}.example`);
      await page.locator('#password').fill(password);
      await page.locator('#password').press('Enter');
      await expect(heading(page)).toHaveText('Owner');
      await page.goto(`/console/${code}/applications`);
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      await expectAccessible(page);
      await picture(page, `${locale}-list`);
      await page.locator('tr.row').click();
      await page.locator('a[href$="/try"]').click();
      await expectAccessible(page);
      await picture(page, `${locale}-form`);

      // The owner is not among those who may enter.
      await page.locator('form.fields button[type=submit]').click();
      await expect(page).toHaveURL(/\/application-tries\/try_/);
      await expect(page.locator('details.failed').first()).toHaveAttribute('open', '');
      await expect(page.locator('details').first()).toHaveClass(/failed/);
      await expect(page.locator('.remedy')).toBeVisible();
      await expectAccessible(page);
      await picture(page, `${locale}-failed`);

      await page.locator('form.acts a.button').click();
      await page.locator('#access').selectOption('everyone');
      await page.locator('#claims').fill('part = role');
      await page.locator('#home_urls').fill('http://evil.example/cb');
      await page.locator('form.fields button[type=submit]').click();
      await expect(page.locator('#home_urls-error')).toBeVisible();
      await page.locator('#home_urls').fill('https://shed.example/other');
      await page.locator('#scopes').fill('openid profile email offline_access');
      await page.locator('#access_token_format').selectOption('jwt');
      await page.locator('form.fields button[type=submit]').click();
      await expect(page).toHaveURL(/\/application-tries\/try_/);
      await expect(page.locator('details.failed')).toHaveCount(0);
      await expect(page.locator('table')).toContainText('part');
      await expect(page.locator('table')).toContainText('owner');
      await page.locator('details').nth(2).locator('summary').press('Enter');
      await expect(page.locator('details').nth(2)).toContainText('"nonce"');
      await expectAccessible(page);
      await picture(page, `${locale}-passed`);

      await page.locator('button[value=save]').click();
      await expect(page).toHaveURL(new RegExp(`/console/${code}/applications$`));
      await page.locator('tr.row').click();
      await page.locator('a[href$="/try"]').click();
      await expect(page.locator('#claims')).toHaveValue('part = role');
      await expect(page.locator('#home_urls')).toHaveValue('https://shed.example/other');
    });
  });
}

test('somebody else does not run a try', async ({ page, browser, orgate }) => {
  await register(orgate, 'loft');
  await signIn(page, 'owner@loft.example', password);
  await expect(heading(page)).toHaveText('Owner');
  await page.goto('/console/loft/applications/loft/try');
  // What the form leads to, without going there.
  const form = await page.locator('form.fields').evaluate((f) => Object.fromEntries(new FormData(f)));
  const led = await page.request.post('/console/loft/applications/loft/try', { form, maxRedirects: 0 });
  const begun = led.headers().location;
  expect(begun).toContain('client_id=try_');
  const theirs = await (await browser.newContext({ baseURL: orgate.address, locale: 'en-US' })).newPage();
  await signIn(theirs, 'ann@loft.example', password);
  await expect(heading(theirs)).toHaveText('Ann');
  const answer = await theirs.goto(begun);
  expect(answer.status()).toBe(403);
  await theirs.context().close();
});
