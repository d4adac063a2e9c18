// Every page for everybody: axe in both languages, both themes, on a telephone and a desktop; the keyboard alone; without
// script.
import { password, plainOrganization } from '../lib/plain.js';
import { atCentre, expect, expectAccessible, signIn, signOut, test } from '../lib/test.js';

test.beforeAll(({ orgate }) => orgate.apply(plainOrganization('access')));

/** Signs in as the owner whatever the language of the pages is. */
async function enter(page, account, secret) {
  await page.goto('/login');
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(secret);
  await page.locator('#password').press('Enter');
  await expect(page.locator('#password')).toHaveCount(0);
}

for (const locale of ['en-US', 'zh-CN']) {
  test.describe(locale, () => {
    test.use({ locale });
    test.setTimeout(180_000);

    test('pages of nobody in particular', async ({ page }) => {
      for (const path of ['/login', '/sso', '/sso?client=pc', '/password/forgotten', '/password/reset?code=none', '/sso/callback/none?state=none', '/no/such/page']) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', locale);
        await expectAccessible(page);
      }
      for (const [path, field] of [['/login', '#account'], ['/sso', '#domain'], ['/password/forgotten', '#account']]) {
        await page.goto(path);
        await page.locator(field).fill('nobody.example');
        if (path === '/login') await page.locator('#password').fill('wrong');
        await page.locator('form.fields button[type=submit]').click();
        await page.waitForLoadState();
        await expectAccessible(page);
      }
    });

    test('pages of whoever is signed in', async ({ page }) => {
      await enter(page, 'ann@access.example', password);
      for (const path of ['/account', '/account/sessions', '/password/change', '/logout', '/sso']) {
        await page.goto(path);
        await expectAccessible(page);
      }
    });

    test('the way of a client', async ({ page, orgate }) => {
      await page.goto('/sso?domain=acme.example&client=pc');
      await page.locator('#account').fill('alice');
      await page.locator('#password').fill(orgate.centrePassword);
      await page.locator('#password').press('Enter');
      await expect(page.locator('a.button')).toHaveAttribute('href', /^orgate-pc:/);
      await expectAccessible(page);
    });
  });
}

test('keyboard alone: through the centre and out again', async ({ page, orgate }) => {
  await page.goto('/sso');
  await expect(page.locator('#domain')).toBeFocused();
  await page.keyboard.type('acme.example');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL((url) => url.origin === orgate.centre);
  await page.keyboard.press('Tab');
  await page.keyboard.type('alice');
  await page.keyboard.press('Tab');
  await page.keyboard.type(orgate.centrePassword);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice Archer');

  // Everything that can be used can be reached, and one sees where one is.
  const reached = [];
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      return at === document.body ? null : { text: at.textContent.trim(), outline: getComputedStyle(at).outlineStyle };
    });
    if (!here) break;
    expect(here.outline, `focus ring of ${here.text}`).not.toBe('none');
    reached.push(here.text);
  }
  expect(reached).toContain('Sign out');
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await signOut(page, () => page.keyboard.press('Enter'));
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('domain, centre, signed in, devices, signed out', async ({ page, orgate }) => {
    await page.goto('/sso');
    await page.locator('#domain').fill('acme.example');
    await page.getByRole('button', { name: 'Continue' }).click();
    await atCentre(page, orgate, 'alice');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice Archer');
    await page.getByRole('link', { name: 'Devices' }).click();
    await expect(page.getByText('This browser')).toBeVisible();
    await page.goto('/account');
    await signOut(page);
    await page.goto('/account');
    await expect(page).toHaveURL(/\/login/);
  });

  test('password, and language by the footer', async ({ page }) => {
    await signIn(page, 'ann@access.example', password);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ann');
    await page.getByRole('button', { name: '中文' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  });
});
