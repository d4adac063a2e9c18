import { existsSync } from 'node:fs';

/** How Debian's Chromium is started. As root it refuses its sandbox; nothing but loopback is visited. */
export function launchOptions() {
  const executablePath = process.env.ORGATE_TEST_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (!executablePath) throw new Error('there is no Chromium: apt-get install chromium, or set ORGATE_TEST_CHROMIUM');
  return { executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] };
}
