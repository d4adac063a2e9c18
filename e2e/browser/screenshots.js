// Draws the pictures of the documents, from the demonstration: npm run screenshots. Each is small enough for a repository.
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions } from './lib/chromium.js';
import { Orgate } from './lib/orgate.js';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const mostBytes = 80 * 1024;
const size = { width: 800, height: 640 };

const orgate = await Orgate.start();
const browser = await chromium.launch(launchOptions());
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ baseURL: orgate.address, locale: 'en-US', viewport: size, reducedMotion: 'reduce' });
  const draw = async (name) => {
    const file = `${folder}${name}.png`;
    await page.screenshot({ path: file, caret: 'hide' });
    const { size: bytes } = statSync(file);
    if (bytes > mostBytes) throw new Error(`${file} has ${bytes} bytes, more than ${mostBytes}`);
    console.log(`${file} ${bytes}`);
  };
  const signIn = async (account, password) => {
    await page.locator('#account').fill(account);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
  };

  await page.goto('/login');
  await draw('login');
  await page.goto('/sso');
  await page.locator('#domain').fill('acme.example');
  await draw('sso');
  await page.locator('#domain').press('Enter');
  await page.waitForURL((url) => url.origin === orgate.centre);
  await draw('centre');
  await signIn('alice', orgate.centrePassword);
  await page.getByRole('heading', { name: 'Alice Archer' }).waitFor();
  await draw('signed-in');

  await page.context().clearCookies();
  await page.goto('/sso?domain=acme.example&client=web');
  await signIn('adam', orgate.centrePassword);
  await page.getByRole('heading', { name: 'Adam Admin' }).waitFor();
  await page.goto('/console/acme/sso');
  await draw('console-sso');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.goto(await page.getByRole('link', { name: /^Sign in at / }).getAttribute('href'));
  await signIn('nadia', orgate.centrePassword);
  await page.waitForURL(/\/tries\//);
  await draw('console-try');

  await orgate.configure({ clientSecret: 'a-wrong-secret' });
  await page.context().clearCookies();
  await page.goto('/sso?domain=clouddragon.huawei.com&client=web');
  await signIn('bruno', orgate.centrePassword);
  await page.locator('#code').waitFor();
  await draw('refused');
} finally {
  await browser.close();
  await orgate.stop();
}
