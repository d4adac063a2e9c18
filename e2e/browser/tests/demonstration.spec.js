// The applications of the demonstration: whoever signs in through the enterprise's centre enters the wiki, sees what it
// received, renews its token, and is signed out of everything by it.
import { expect, signInBySSO, test } from '../lib/test.js';

const heading = (page) => page.getByRole('heading', { level: 1 });

test('the wiki signs in, renews its token, and signs out', async ({ page, orgate }) => {
  const wiki = `${orgate.applications}/wiki/`;
  await signInBySSO(page, orgate, { account: 'alice' });
  await expect(heading(page)).toHaveText('Alice Archer');
  await page.goto(wiki);
  await page.getByRole('link', { name: 'Sign in', exact: false }).first().click();
  await expect(page).toHaveURL(wiki);
  await expect(page.getByRole('main')).toContainText('Signed in as');
  await expect(page.getByRole('main')).toContainText('alice');
  await page.getByRole('button', { name: 'Renew the access token' }).click();
  await expect(page.getByRole('main')).toContainText('was renewed 1 time');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(new RegExp(`^${orgate.applications}/wiki/bye`));
  await expect(heading(page)).toContainText('Signed out');
  await page.goto('/account/sessions');
  await expect(page).toHaveURL(/\/login/);
  await page.goto(wiki);
  await expect(page.getByRole('main')).toContainText('Nobody is signed in here');
});
