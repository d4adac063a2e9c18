// usage: node zz-shot.mjs OUTPREFIX LANG THEME WIDTH path…
import { chromium } from '@playwright/test'
import { Orgate } from './lib/orgate.js'
import { AxeBuilder } from '@axe-core/playwright'
const [out, lang, theme, width, ...paths] = process.argv.slice(2)
const orgate = await Orgate.start({})
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' })
const context = await browser.newContext({ baseURL: orgate.address, locale: lang, colorScheme: theme, viewport: { width: +width, height: 900 } })
const page = await context.newPage()
page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) console.log('console:', m.text(), m.location().url) })
page.on('pageerror', (e) => console.log('pageerror:', e.message))
await page.goto('/login')
await page.locator('#account').fill('owner@acme.example'); await page.locator('#password').fill(orgate.password)
await page.locator('button[type=submit]').first().click(); await page.waitForLoadState('networkidle')
let i = 0
for (const p of paths) {
  if (p.startsWith('js:')) { await eval(`(async()=>{${p.slice(3)}})()`); }
  else await page.goto(p)
  await page.waitForLoadState('networkidle'); await page.waitForTimeout(300)
  await page.screenshot({ path: `${out}-${++i}.png` })
  const { violations } = await new AxeBuilder({ page }).analyze()
  for (const v of violations) console.log('axe', p, v.id, v.help, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(' || '))
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (over) console.log('overflow', p, over)
}
await browser.close(); await orgate.stop().catch((e) => console.log(e.message.slice(0, 300)))
