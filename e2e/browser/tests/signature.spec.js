// Logins with an App ID that are refused, explained in the management centre; and the samples that sign rightly.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, expectAccessible, test } from '../lib/test.js';

const run = promisify(execFile);
const field = (page, label) => page.getByLabel(label, { exact: true });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const tab = (page, name) => page.getByRole('tab', { name, exact: true }).click();
const failed = (page, text) => page.locator('.steps > li.failed').filter({ hasText: text });

test.setTimeout(180_000);

test.beforeEach(async ({ page, orgate }) => {
  await page.goto('/login');
  await page.locator('#account').fill('owner@acme.example');
  await page.locator('#password').fill(orgate.password);
  await page.locator('#password').press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Olivia Owner');
});

/** Makes an App ID by the page and returns it with its key. */
async function addAppID(page, name) {
  await page.goto('/console/acme/app-ids/new');
  await field(page, 'Name').fill(name);
  await press(page, 'Add App ID');
  const codes = page.locator('.secret-box code');
  const made = { id: await codes.nth(0).textContent(), key: await codes.nth(1).textContent() };
  await press(page, 'I have stored it');
  return made;
}

/** A login, signed over a text of its maker's own. */
function login(app, { nonce, separator = ':', key = app.key, scale = 1 }) {
  const expireTime = (Math.floor(Date.now() / 1000) + 300) * scale;
  const text = [app.id, 'alice', expireTime, nonce].join(separator);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const body = JSON.stringify({ appId: app.id, clientType: 72, expireTime, nonce, userId: 'alice' });
  return { text, body, authorization: `HMAC-SHA256 signature=${signature}`, signature };
}

const curl = (base, l, kind = "-H 'Content-Type: application/json'") =>
  `curl ${base}/v2/usg/acs/auth/appauth \\\n  -H 'Authorization: ${l.authorization}' ${kind} \\\n  -d '${l.body}'`;

async function explain(page, request, own = '') {
  await field(page, 'The refused request').fill(request);
  await field(page, 'The text your program signed').fill(own);
  await press(page, 'Explain it');
  await expect(page.getByText(/^\d+ checks? passed$/)).toBeVisible();
}

test('a login that was signed wrongly in three ways, and the right one', async ({ page, orgate, request }) => {
  const app = await addAppID(page, 'Till');
  await page.goto(`/console/acme/app-ids/${app.id}/check`);
  await expectAccessible(page);

  const barred = login(app, { nonce: 'b'.repeat(32), separator: '|' });
  await explain(page, curl(orgate.address, barred));
  await expect(page.getByRole('status').filter({ hasText: 'This login is refused: 2 checks fail' })).toBeVisible();
  await expect(failed(page, 'another separator')).toContainText('Join the parts with a colon');
  await expect(page.getByText('They differ from byte 32 on')).toBeVisible();
  await expect(page.locator('.bytes').nth(1)).toHaveText(barred.text);
  await expect(page.getByText('the current key', { exact: true })).toBeVisible();
  await expectAccessible(page);

  const late = login(app, { nonce: 'm'.repeat(32), scale: 1000 });
  await explain(page, curl(orgate.address, late, ''));
  await expect(failed(page, 'is said to be JSON')).toContainText('application/x-www-form-urlencoded');
  await expect(failed(page, 'in seconds, not in milliseconds')).toBeVisible();

  const foreign = login(app, { nonce: 'k'.repeat(32), key: 'another' });
  await explain(page, `${foreign.authorization}\n\n${foreign.body}`, foreign.text);
  await expect(page.getByText('Both texts are the same to the byte.')).toBeVisible();
  await expect(failed(page, 'made with a key of this App ID')).toContainText('reset it');
  const right = createHmac('sha256', app.key).update(foreign.text).digest('hex');
  expect(await page.content()).not.toContain(right);

  const good = login(app, { nonce: 'g'.repeat(32) });
  await explain(page, curl(orgate.address, good), good.text);
  await expect(page.getByRole('status').filter({ hasText: 'A login like this is let in' })).toBeVisible();
  const headers = { Authorization: good.authorization, 'Content-Type': 'application/json' };
  const answer = await request.post('/v2/usg/acs/auth/appauth', { headers, data: good.body });
  expect(answer.status(), 'the look spent nothing').toBe(200);
  await explain(page, curl(orgate.address, good));
  await expect(failed(page, 'nonce was not used before')).toBeVisible();

  await explain(page, 'hello').catch(() => {});
  await expect(page.locator('.field[data-invalid] .error')).toContainText('a curl command');
});

test('from the story of a refused login to its explanation', async ({ page, request }) => {
  const app = await addAppID(page, 'Kiosk');
  const l = login(app, { nonce: 't'.repeat(32), key: 'another' });
  await request.post('/v2/usg/acs/auth/appauth', { headers: { Authorization: l.authorization, 'Content-Type': 'application/json' }, data: l.body });
  await expect(async () => {
    await page.goto('/console/acme/traces');
    await page.getByRole('row').filter({ hasText: 'App ID' }).first().click({ timeout: 2000 });
    await expect(page.getByRole('link', { name: 'Explain a signature' })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Explain a signature' }).click();
  await expect(page).toHaveURL(`/console/acme/app-ids/${app.id}/check`);
});

test('the samples sign in', async ({ page }) => {
  const app = await addAppID(page, 'Samples');
  await page.goto(`/console/acme/app-ids/${app.id}`);
  await tab(page, 'Samples');
  await expectAccessible(page);
  const sample = async (language) => {
    await page.getByRole('button', { name: /^(Java|Python|JavaScript|Go|C\+\+|curl)/ }).first().click();
    await page.getByRole('option', { name: language, exact: true }).click();
    return page.locator('.snippet pre').textContent();
  };
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, APP_KEY: app.key };
  for (const [language, program, ...before] of [['JavaScript', 'node', '--input-type=module', '-e'], ['Python', 'python3', '-c'], ['curl', 'bash', '-c']]) {
    const { stdout } = await run(program, [...before, await sample(language)], { env });
    expect(stdout, language).toContain('accessToken');
  }
  expect(await sample('Go')).toContain(app.id);
  expect(await page.content()).not.toContain(app.key);
});

test('a key that was replaced is listed with its end', async ({ page }) => {
  const app = await addAppID(page, 'Renewed');
  await page.goto(`/console/acme/app-ids/${app.id}`);
  await press(page, 'Reset key');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset key' }).click();
  await press(page, 'I have stored it');
  await page.goto('/console/acme/certificates');
  const row = page.getByRole('row').filter({ hasText: 'Renewed' });
  await expect(row).toContainText('App Key before the reset');
  await expect(row).toContainText('within a month');
  await expectAccessible(page);
  await row.click();
  await expect(page).toHaveURL(`/console/acme/app-ids/${app.id}`);
});

test('the end of a session: who was told, for the person and for administrators', async ({ page, browser, orgate }) => {
  const elsewhere = await browser.newContext({ baseURL: orgate.address });
  const other = await elsewhere.newPage();
  await other.goto('/login');
  await other.locator('#account').fill('owner@acme.example');
  await other.locator('#password').fill(orgate.password);
  await other.locator('#password').press('Enter');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Olivia Owner');
  await elsewhere.close();

  await page.goto('/my/devices');
  await page.getByRole('listitem').getByRole('button').last().click();
  await page.getByRole('alertdialog').getByRole('button').last().click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.goto('/my/sign-ins');
  await page.getByRole('link', { name: 'Which applications were told' }).first().click();
  await expect(page.getByText('No application was entered in this session.')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/console/acme/sign-ins');
  await page.getByRole('row').filter({ hasText: 'session' }).filter({ hasText: /ended/i }).first().click();
  await expect(page.getByRole('heading', { name: 'Which applications were told' })).toBeVisible();
  await expect(page.getByText('No application was entered in this session.')).toBeVisible();
  await expectAccessible(page);
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test('in Chinese', async ({ page }) => {
    await page.goto('/console/acme/app-ids');
    await page.getByRole('row').nth(1).click();
    await page.getByRole('tab', { name: '签名排查' }).click();
    await page.getByLabel('被拒绝的请求').fill('{"appId":"x"}');
    await page.getByRole('button', { name: '开始排查' }).click();
    await expect(page.getByText('此登录会被拒绝')).toBeVisible();
    await expectAccessible(page);
  });
});
