// A policy is made, looked at before it holds, keeps somebody out, asks for a second proof, and is passed.
import { password, plainOrganization } from '../lib/plain.js';
import { Relying } from '../lib/relying.js';
import { expect, expectAccessible, shownCode, storyOf, test } from '../lib/test.js';

const secret = 'secret-of-the-relying-application-0123456789';
const heading = (page) => page.getByRole('heading', { level: 1 });

/** A fresh organisation with one application that everybody may enter, and the addresses of its access control. */
class Gate {
  static async open(orgate, code) {
    const g = new Gate();
    await orgate.apply(plainOrganization(code));
    g.relying = await Relying.start(orgate, { client: code, secret });
    await orgate.apply(`${plainOrganization(code)}    applications:
      - {name: Vault, protocol: oidc, client_id: ${code}, client_secret: ${secret}, access: {everyone: true}, home_urls: ["${g.relying.callback}"]}\n`);
    g.organization = `/organizations/${code}`;
    g.application = `${g.organization}/applications/${code}`;
    const { items } = await orgate.manage('GET', `${g.organization}/members?limit=100`);
    g.ann = items.find(({ account }) => account === `ann@${code}.example`).id;
    return g;
  }

  async region(orgate, name, network) {
    return (await orgate.manage('POST', `${this.organization}/regions`, { name, network })).id;
  }

  policy(orgate, policy) {
    return orgate.manage('POST', `${this.application}/policies`, policy);
  }

  simulate(orgate, entry) {
    return orgate.manage('POST', `${this.application}/access-control/simulation`, { member: this.ann, ...entry });
  }

  enable(orgate, otherwise) {
    return orgate.manage('PATCH', `${this.application}/access-control`, { enabled: true, default: otherwise });
  }

  async arrive(page, account) {
    await page.goto(await this.relying.ask());
    await page.locator('#account').fill(account);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
  }
}

test('made, simulated, and whoever comes from elsewhere is kept out with a code', async ({ page, orgate }) => {
  const gate = await Gate.open(orgate, 'vault');
  const plant = await gate.region(orgate, 'Plant', '10.20.0.0/16');
  const policy = await gate.policy(orgate, { name: 'Only in the plant', decision: 'allow', regions: [plant] });
  await gate.enable(orgate, 'allow');
  await gate.arrive(page, 'ann@vault.example');
  await expect(page).toHaveTitle('back');
  // What would be if everybody else were kept out? Nothing is stored to find out.
  expect(await gate.simulate(orgate, { address: '10.20.1.1' })).toMatchObject({ enters: true, decision: 'allow', policy: policy.id });
  expect((await gate.simulate(orgate, { address: '127.0.0.1' })).policies).toMatchObject([{ id: policy.id, time: true, place: false, decides: false }]);
  await gate.enable(orgate, 'deny');
  expect(await gate.simulate(orgate, { address: '127.0.0.1' })).toMatchObject({ enters: false, decision: 'deny' });

  await page.goto(await gate.relying.ask());
  await expect(heading(page)).toHaveText('You cannot enter Vault now');
  await expectAccessible(page);
  expect(await storyOf(orgate, await shownCode(page))).toMatch(/FAIL +policy_allows/);
  // An edit holds at the next request, and the page leads on by itself.
  await orgate.manage('PATCH', `${gate.application}/policies/${policy.id}`, { regions: [] });
  await page.getByRole('link', { name: 'Try again' }).press('Enter');
  await expect(page).toHaveTitle('back');
  expect((await gate.relying.redeem(page.url())).claims.sub).toBeTruthy();
  await gate.relying.stop();
});

for (const locale of ['en-US', 'zh-CN']) {
  test(`a second proof by mail, by the keyboard alone, in ${locale}`, async ({ browser, orgate }) => {
    const code = `proof-${locale.slice(0, 2)}`;
    const gate = await Gate.open(orgate, code);
    await gate.policy(orgate, { name: 'Always', decision: 'second_verification' });
    await gate.enable(orgate, 'deny');
    const context = await browser.newContext({ baseURL: orgate.address, locale });
    const page = await context.newPage();
    await gate.arrive(page, `ben@${code}.example`);
    await expect(page).toHaveURL(/\/verification/);
    await expectAccessible(page);
    await page.locator('button[name=do][value=send]').press('Enter');
    await expect(page.locator('#code')).toBeFocused();
    await expectAccessible(page);
    const [, digits] = await orgate.logged(new RegExp(`target=\\S*@${code}\\.example template=code [^\\n]*?(\\d{6})`));
    const wrong = digits === '000000' ? '000001' : '000000';
    await page.keyboard.type(wrong);
    await page.keyboard.press('Enter');
    await expect(page.locator('#code-error')).toBeVisible();
    await expectAccessible(page);
    await page.locator('#code').fill(digits);
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle('back');
    const { claims } = await gate.relying.redeem(page.url());
    expect(claims.acr).toBe('urn:orgate:loa:2');
    expect(claims.amr).toContain('mfa');
    await gate.relying.stop();
    await context.close();
  });
}
