// Authentication sources: people enter an application by an independent OpenID provider, by another Orgate, and by CAS; and
// the other side sets its end up by a link.
import { atIndependentCentre, Centre } from '../lib/oidc.js';
import { Orgate } from '../lib/orgate.js';
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, shownCode, signIn, storyOf, test } from '../lib/test.js';

const secret = 'secret-of-the-relying-application-0123456789';
const heading = (page) => page.getByRole('heading', { level: 1 });
const people = { wilma: { name: 'Wilma Wang', email: 'ann@harbour.example', email_verified: true }, xaver: { name: 'Xaver Xu', email: 'xaver@elsewhere.example' } };

/** An organisation with a source that is not filled in yet, so that its address of return is known. */
async function organization(orgate, code, kind) {
  await orgate.apply(plainOrganization(code));
  return orgate.manage('POST', `/organizations/${code}/sources`, { name: 'Partner', kind });
}

/** Fills the source in, enables it, and offers it on the sign-in page of a new application. */
async function offer(orgate, code, source, settings, match) {
  const at = `/organizations/${code}/sources/${source.id}`;
  await orgate.manage('PATCH', at, { settings, match, mappings: [{ ours: 'name', theirs: 'name' }], enabled: true });
  const relying = await Relying.start(orgate, { client: code, secret });
  await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Tool shed, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: {everyone: true},
         home_urls: ["${relying.callback}"], sources: [Partner]}\n`);
  return relying;
}

const atProvider = (centre) => ({ issuer: centre.address, client_id: 'orgate', client_secret: centre.secret, auth_method: 'client_secret_post', scope: ['openid'] });

/** Follows the application's link to the page of sign-in, and the button of the source. */
async function byPartner(page, relying) {
  await page.goto(await relying.ask());
  await page.getByRole('link', { name: 'Partner' }).click();
}

test('an OpenID provider: the member is found by a mail address that it has proven', async ({ page, orgate }) => {
  const source = await organization(orgate, 'harbour', 'oidc');
  const centre = await Centre.start(source.callback_url, people);
  const relying = await offer(orgate, 'harbour', source, atProvider(centre), { ours: 'email', theirs: 'email', trusted: ['email'] });
  await page.goto(await relying.ask());
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Partner' }).click();
  await atIndependentCentre(page, 'wilma');
  await expect(page).toHaveTitle('back');
  const { claims } = await relying.redeem(page.url());
  expect(claims.sub).toBeTruthy();
  await page.goto('/account');
  await expect(heading(page)).toHaveText('Wilma Wang'); // ann, by the name that the source says
  const members = await orgate.manage('GET', '/organizations/harbour/members');
  expect(members.items).toHaveLength(3);
  await relying.stop();
  await centre.stop();
});

test('an OpenID provider: somebody nobody knows is refused, or becomes a guest, as the source is set up', async ({ page, orgate }) => {
  const source = await organization(orgate, 'quay', 'oidc');
  const centre = await Centre.start(source.callback_url, people);
  const match = { ours: 'email', theirs: 'email', trusted: ['email'], strategy: 'bind' };
  const relying = await offer(orgate, 'quay', source, atProvider(centre), match);
  await byPartner(page, relying);
  await atIndependentCentre(page, 'xaver');
  await expectAccessible(page);
  expect(await storyOf(orgate, await shownCode(page))).toContain('xaver');
  await orgate.manage('PATCH', `/organizations/quay/sources/${source.id}`, { match: { ...match, strategy: 'bind_or_create' } });
  await page.getByRole('link', { name: 'Start again' }).click();
  await page.getByRole('link', { name: 'Partner' }).click();
  await expect(page).toHaveTitle('back');
  await page.goto('/account');
  await expect(heading(page)).toHaveText('Xaver Xu');
  await relying.stop();
  await centre.stop();
});

for (const [kind, protocol, settings] of [
  ['oidc', 'oidc', (other) => ({ issuer: other.address, client_id: 'gate', client_secret: secret })],
  ['cas', 'cas', (other) => ({ login_url: `${other.address}/cas/login`, validate_url: `${other.address}/cas/p3/serviceValidate` })],
]) {
  test(`another Orgate by ${kind}: its member enters our application as a guest`, async ({ page, orgate, database }) => {
    test.setTimeout(test.info().timeout + 60_000);
    const other = await Orgate.start({ database });
    const code = `pier${kind}`;
    const source = await organization(orgate, code, kind);
    // A CAS server is asked for the address of return with a query; the application says that this is a service of its own.
    const client = protocol === 'oidc' ? `client_secret: ${secret}, ` : `cas: {service_prefixes: ["${source.callback_url}"]}, `;
    await other.apply(`${plainOrganization('partner')}    applications:
      - {name: Gate, protocol: ${protocol}, client_id: gate, ${client}access: {everyone: true}, home_urls: ["${source.callback_url}"]}\n`);
    const relying = await offer(orgate, code, source, settings(other), { ours: 'account', theirs: kind === 'oidc' ? 'preferred_username' : 'user' });
    await byPartner(page, relying);
    await expect(page).toHaveURL((url) => url.origin === other.address);
    await page.locator('#account').fill('ben@partner.example');
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
    await expect(page).toHaveTitle('back');
    await page.goto(`${orgate.address}/account`);
    await expect(heading(page)).toHaveText('Ben');
    await relying.stop();
    await other.stop();
  });
}

test('the other side sets its end up by a link, and is approved', async ({ page, browser, orgate }) => {
  await orgate.apply(plainOrganization('wharf'));
  await signIn(page, 'owner@wharf.example', password);
  await expect(heading(page)).toHaveText('Owner');
  await page.goto('/console/wharf/sources');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Add source' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Partner');
  await page.getByRole('button', { name: 'Add source', exact: true }).click();
  await expect(heading(page)).toHaveText('Partner');
  await expectAccessible(page);
  // Any picture will do: what is no square of the right size is cut in the browser.
  await page.getByRole('tab', { name: 'Icon' }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await expect(page.getByRole('img', { name: 'Icon' })).toHaveJSProperty('naturalWidth', 240);
  await page.getByRole('tab', { name: 'Set-up links' }).click();
  await page.getByLabel('Whom it is for').fill('root@partner.example');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.locator('.secret-box code').textContent();

  const there = await browser.newContext({ baseURL: orgate.address, locale: 'en-US' });
  const form = await there.newPage();
  await form.goto(link);
  await expectAccessible(form);
  await form.getByRole('button', { name: 'Begin' }).click();
  await expectAccessible(form);
  const centre = await Centre.start(await form.locator('#callback code').first().textContent(), people);
  await form.locator('[id="settings.issuer"]').fill(centre.address);
  await form.locator('[id="settings.client_id"]').fill('orgate');
  await form.locator('[id="settings.client_secret"]').fill(centre.secret);
  await form.locator('[id="settings.auth_method"]').selectOption('client_secret_post');
  await form.locator('#domain').fill('partner.invalid');
  await form.getByRole('button', { name: 'Save the draft' }).click();
  await expect(form.getByRole('status')).toHaveText('The draft is saved.');
  await expect(form.getByText(/orgate-verification=/)).toBeVisible();
  await form.getByRole('button', { name: 'Try it' }).click();
  await form.getByRole('link', { name: /^Sign in at / }).click();
  await atIndependentCentre(form, 'wilma');
  await expect(form.getByRole('heading', { name: 'The try passed' })).toBeVisible();
  await expectAccessible(form);
  await form.getByRole('button', { name: 'Submit for approval' }).click();
  await expect(form.getByRole('main')).toContainText('Wharf decides now');
  await expectAccessible(form);

  await page.goto('/console/wharf/sources');
  await page.getByRole('link', { name: 'Look and decide' }).click();
  await expect(page.getByRole('table')).toContainText(centre.address);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await expect(page.locator('[name="settings.issuer"]')).toHaveValue(centre.address);
  await form.reload();
  await expect(form.getByRole('main')).toContainText('Wharf approved');
  await there.close();
  await centre.stop();
});
