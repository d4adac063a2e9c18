// An independent centre, written by others: OpenID Connect with a signed ID token.
import { atIndependentCentre, Centre } from '../lib/oidc.js';
import { plainOrganization } from '../lib/plain.js';
import { expect, shownCode, storyOf, test } from '../lib/test.js';

const people = { wilma: { name: 'Wilma Wang', email: 'wilma@elsewhere.example' }, xaver: { name: 'Xaver Xu', email: 'xaver@elsewhere.example' } };

/** A fresh organisation whose SSO is at a fresh centre. */
async function connect(orgate, code, change = (settings) => settings) {
  await orgate.apply(plainOrganization(code, ['owner']));
  const { callback_url: callback } = await orgate.manage('GET', `/organizations/${code}/sso`);
  const centre = await Centre.start(callback, people);
  const { fields, ...rest } = change(centre.settings(`${code}.example`));
  const lines = Object.entries(rest).map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`);
  await orgate.apply(`${plainOrganization(code, ['owner'])}    sso:\n${lines.join('\n')}\n      fields: ${JSON.stringify(fields)}\n`);
  return centre;
}

test('people come in through it, and the ID token is verified', async ({ page, orgate }) => {
  const centre = await connect(orgate, 'windmill');
  await page.goto('/sso?domain=windmill.example&client=web');
  await atIndependentCentre(page, 'wilma');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wilma Wang');
  await expect(page.getByRole('main')).toContainText('Windmill');
  await centre.stop();
});

test('without a user-info address the account comes from the ID token', async ({ page, orgate }) => {
  const centre = await connect(orgate, 'xylem', ({ userinfo_url: _, ...settings }) => settings);
  await page.goto('/sso?domain=xylem.example&client=web');
  await atIndependentCentre(page, 'xaver');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Xaver Xu');
  await centre.stop();
});

test('a wrong secret is refused there, and the code tells it', async ({ page, orgate }) => {
  const centre = await connect(orgate, 'yarrow', (settings) => ({ ...settings, client_secret: 'another-secret-0123456789-0123456789' }));
  await page.goto('/sso?domain=yarrow.example&client=web');
  await atIndependentCentre(page, 'wilma');
  expect(await storyOf(orgate, await shownCode(page))).toContain('invalid_client');
  await centre.stop();
});
