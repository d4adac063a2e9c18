// A refusal shows a code, and the code tells an administrator what to mend.
import { atCentre, expect, shownCode, storyOf, test } from '../lib/test.js';

const domain = 'clouddragon.huawei.com';

test('a wrong secret: error page, code, the check and the remedy', async ({ page, orgate }) => {
  await orgate.configure({ clientSecret: 'not-the-secret' });
  await page.goto(`/sso?domain=${domain}&client=web`);
  await atCentre(page, orgate, 'bruno');
  await expect(page).toHaveURL((url) => url.origin === orgate.address);
  const shown = await page.getByRole('main').innerText();
  expect(shown).not.toContain('not-the-secret');
  expect(shown).not.toContain('40125');
  const code = await shownCode(page);

  // On the command line …
  const told = await storyOf(orgate, code);
  expect(told).toMatch(/FAIL +token_client/);
  expect(told).toContain('invalid appsecret');
  expect(told).toMatch(/remedy: Enter the secret/);
  expect(told).not.toContain('not-the-secret');

  // … and by the management API.
  expect(JSON.stringify(await orgate.manage('GET', `/traces/${code}`))).toContain('token_client');
});
