import { expect, it } from 'vitest'
import { samples } from './samples'

it.each(samples.map((s) => [s.name, s] as const))('%s is for this App ID and server, with the key outside', (_, sample) => {
  const code = sample.code({ base: 'https://id.example', appID: 'f'.repeat(32), provider: false })
  expect(code).toContain('f'.repeat(32))
  expect(code).toContain('https://id.example')
  expect(code).toContain('APP_KEY')
  expect(code).not.toContain('undefined')
})

it.each(samples.map((s) => [s.name, s] as const))('%s names the organisation where it is signed too', (_, sample) => {
  const given = { base: 'https://id.example', appID: 'f'.repeat(32) }
  expect(sample.code({ ...given, provider: false })).not.toMatch(/corp/i)
  expect(sample.code({ ...given, provider: true })).toMatch(/acme/)
})
