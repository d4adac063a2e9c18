// The stand-in centre by itself: whoever tries the demonstration sees it.
import { atCentre, expect, expectAccessible, test } from '../lib/test.js';

const question = (orgate, changes) =>
  `${orgate.centre}/connect/qrconnect?${new URLSearchParams({
    appid: 'orgate', redirect_uri: `${orgate.address}/nowhere`, response_type: 'code', scope: 'snsapi_login', state: 'x', ...changes,
  })}`;

test('the page takes account and password and leads back', async ({ page, orgate }) => {
  await page.goto(question(orgate));
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await expectAccessible(page);
  await page.locator('#account').fill('alice');
  await page.locator('#password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('wrong');
  await expectAccessible(page);
  await atCentre(page, orgate, 'alice');
  await expect(page).toHaveURL(/\/nowhere\?code=\w+&state=x$/);
});

for (const [what, changes, says] of [
  ['a domain that was not authorised', { redirect_uri: 'https://elsewhere.example/' }, 'redirect_uri'],
  ['a scope that is not snsapi_login', { scope: 'openid' }, 'snsapi_login'],
]) {
  test(`the page does not open for ${what}`, async ({ page, orgate }) => {
    await page.goto(question(orgate, changes));
    await expect(page.getByRole('heading')).toContainText('This link cannot be accessed');
    await expect(page.getByRole('main')).toContainText(says);
    await expectAccessible(page);
  });
}
