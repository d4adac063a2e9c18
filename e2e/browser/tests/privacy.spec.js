// The privacy statement: published by a manifest, read and accepted by the keyboard, declined, mended and asked for anew.
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, signIn, test } from '../lib/test.js';

const secret = 'secret-of-the-relying-application-0123456789';
const heading = (page) => page.getByRole('heading', { level: 1 });
const answer = (page, value) => page.locator(`button[name=answer][value=${value}]`);

/** An organisation with a statement in words of its own, in two languages. */
const withStatement = (code, words) => `${plainOrganization(code)}    privacy_statement:
      - language: en-US
        title: Your data
        body: |
          # What we keep

          - your name
          - ${words}

          Ask the works council
          what it is for.
      - {language: zh-CN, title: 个人信息, body: "# 我们保存的内容\\n\\n- 您的姓名\\n- ${words}"}
`;

for (const [locale, title, accept] of [['en-US', 'Your data', 'Accept'], ['zh-CN', '个人信息', '同意']]) {
  test(`on the way to an application it is read, and accepted by the keyboard alone, in ${locale}`, async ({ browser, orgate }) => {
    const code = `read-${locale.slice(0, 2)}`;
    const words = 'when you signed in';
    await orgate.apply(plainOrganization(code));
    const relying = await Relying.start(orgate, { client: code, secret });
    await orgate.apply(`${withStatement(code, words)}    applications:
      - {name: Vault, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: {everyone: true}, home_urls: ["${relying.callback}"]}\n`);
    const context = await browser.newContext({ baseURL: orgate.address, locale });
    const page = await context.newPage();
    await page.goto(await relying.ask());
    await page.locator('#account').fill(`ann@${code}.example`);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');

    await expect(page).toHaveURL(/\/privacy/);
    await expect(heading(page)).toHaveText(title);
    await expect(heading(page)).toHaveAttribute('lang', locale);
    await expect(page.getByRole('listitem').filter({ hasText: words })).toBeVisible();
    await expectAccessible(page);
    // Nothing else opens meanwhile, and what the session may call says why.
    await page.goto('/account');
    await expect(page).toHaveURL(/\/privacy/);
    const called = await page.request.get('/api/v1/me', { headers: { 'Sec-Fetch-Site': 'same-origin' } });
    expect(called.status()).toBe(403);
    expect((await called.json()).code).toBe('privacy_statement_due');

    await page.goto(await relying.ask());
    await expect(page).toHaveURL(/\/privacy/);
    await answer(page, 'accept').focus();
    await expect(answer(page, 'accept')).toContainText(accept);
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle('back');
    expect((await relying.redeem(page.url())).claims.sub).toBeTruthy();

    // It can be read again, and is not asked for.
    await page.goto('/privacy');
    await expect(heading(page)).toHaveText(title);
    await expect(answer(page, 'accept')).toHaveCount(0);
    await expectAccessible(page);
    await relying.stop();
    await context.close();
  });
}

test('whoever declines is signed out and asked again; mended words are asked for anew', async ({ page, orgate }) => {
  await orgate.apply(withStatement('declined', 'the first words'));
  await signIn(page, 'ben@declined.example', password);
  await expect(page).toHaveURL(/\/privacy/);
  await answer(page, 'decline').focus();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/\/privacy/);
  await expectAccessible(page);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);

  await signIn(page, 'ben@declined.example', password);
  await expect(page).toHaveURL(/\/privacy/);
  await answer(page, 'accept').press('Enter');
  await expect(heading(page)).toHaveText('Ben');

  // The same words publish nothing; others ask whoever is signed in at the next request.
  await orgate.apply(withStatement('declined', 'the first words'));
  await page.goto('/account/sessions');
  await expect(page).toHaveURL(`${orgate.address}/account/sessions`);
  await orgate.apply(withStatement('declined', 'other words'));
  await page.goto('/account/sessions');
  await expect(page).toHaveURL(/\/privacy/);
  await expect(page.getByRole('main')).toContainText('other words');
  // Whoever reads the old words in another window accepts none of the new ones.
  await answer(page, 'accept').press('Enter');
  await expect(page).toHaveURL(`${orgate.address}/account/sessions`);
  const { items } = await orgate.manage('GET', '/organizations/declined/privacy-statement/versions');
  expect(items.map(({ number }) => number)).toEqual([2, 1]);
});
