// Browser tests of the real binary, in Debian's Chromium: browsers are not downloaded.
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchOptions } from './lib/chromium.js';

export default defineConfig({
  testDir: 'tests',
  // A worker keeps one demonstration running; the tests of a file share it and run in their order.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 6_000 },
  reporter: './lib/report.js',
  outputDir: process.env.ORGATE_TEST_OUTPUT ?? path.join(os.tmpdir(), 'orgate-browser-tests'),
  // What writes runs on both databases; what a page looks like depends on neither.
  projects: [
    { name: 'sqlite' },
    { name: 'postgres', use: { database: 'postgres' }, testIgnore: ['access.spec.js', 'centre.spec.js', 'console.spec.js', 'refused.spec.js'] },
  ],
  use: {
    locale: 'en-US',
    colorScheme: 'light',
    launchOptions: launchOptions(),
    screenshot: 'only-on-failure',
  },
});
