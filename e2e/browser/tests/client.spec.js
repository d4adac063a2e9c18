// Clients: the app of a PC, and the chain of the public references.
import { Orgate } from '../lib/orgate.js';
import { atCentre, expect, test } from '../lib/test.js';

/** The address that opens the app again, with the one-time code in it. */
async function opened(page) {
  const address = await page.getByRole('link', { name: 'Open the app' }).getAttribute('href');
  return { address, code: new URL(address).searchParams.get('code') };
}

test('a PC client is let in: domain, centre, one-time code, access token', async ({ page, orgate }) => {
  await page.goto('/sso?domain=acme.example&client=pc');
  await atCentre(page, orgate, 'alice');
  const { address, code } = await opened(page);
  expect(address).toMatch(/^orgate-pc:\/\/login\?/);
  expect(code).toMatch(/^ogc_/);

  const token = await orgate.redeem('acme.example', code, 5);
  expect(token).toMatchObject({ status: 200, clientType: 5, user: { ucloginAccount: 'alice@acme.example' } });
  expect(token.accessToken).toBeTruthy();
  const seen = await orgate.meeting('POST', '/v1/usg/acs/token/validate',
    { body: { token: token.accessToken, needGenNewToken: false, needAccountInfo: true } });
  expect(seen).toMatchObject({ status: 200, user: { ucloginAccount: 'alice@acme.example' } });
  expect(await orgate.redeem('acme.example', code, 5), 'the code once more').toMatchObject({ status: 401 });
});

test('a one-time code is good for its domain and its client only', async ({ context, orgate }) => {
  for (const [domain, clientType] of [['nobody.example', 5], ['acme.example', 6]]) {
    const page = await context.newPage(); // opening an app leaves a tab in two minds
    await page.goto('/sso?domain=acme.example&client=pc');
    await atCentre(page, orgate, 'bruno');
    const { code } = await opened(page);
    expect((await orgate.redeem(domain, code, clientType)).status, `${domain} ${clientType}`).toBeGreaterThanOrEqual(400);
  }
});

test('nobody is signed in at the browser by a client\'s sign-in', async ({ page, orgate }) => {
  await page.goto('/sso?domain=acme.example&client=pc');
  await atCentre(page, orgate, 'alice');
  await opened(page);
  const next = await page.context().newPage();
  await next.goto('/account');
  await expect(next).toHaveURL(/\/login/);
});

test('the printed example connects CloudDragon, and its people come in', async ({ page, database }) => {
  test.setTimeout(test.info().timeout + 60_000);
  const orgate = await Orgate.start({ database }); // nobody else has connected CloudDragon there
  const token = await orgate.administrator();
  const configure = (changes) => orgate.meeting('POST', '/v1/usg/acs/authorizeconfig', { token, body: { ...orgate.dragon.request, ...changes } });
  expect((await configure({})).status, 'without a secret').toBe(400);
  expect((await configure({ clientSecret: orgate.dragon.secret })).status, 'with the secret').toBe(200);
  expect((await configure({})).status, 'as printed').toBe(200);
  const elsewhere = `${orgate.centre}/sns/elsewhere`;
  expect((await configure({ getTokenUrl: elsewhere })).status, 'another token address').toBe(400);
  expect((await configure({ getUserInfoUrl: elsewhere })).status, 'another user-info address').toBe(400);

  const { authorizeUrl } = await orgate.meeting('GET', '/v1/usg/acs/auth/authorizeurl?domain=clouddragon.huawei.com&clientType=5');
  await page.goto(authorizeUrl);
  await atCentre(page, orgate, 'alice');
  // The example's scheme is an address of the web, so the "app" is a page, and it opens by itself.
  await expect(page).toHaveURL((url) => url.origin === orgate.centre && url.pathname === '/schema/pc');
  const code = new URL(page.url()).searchParams.get('code');
  const redeemed = await orgate.redeem('clouddragon.huawei.com', code, 5);
  expect(redeemed).toMatchObject({ status: 200, clientType: 5 });

  await page.goto(`${orgate.address}/sso?domain=clouddragon.huawei.com&client=web`);
  await atCentre(page, orgate, 'alice');
  await expect(page.getByRole('main')).toContainText('CloudDragon');
  await orgate.stop();
});
