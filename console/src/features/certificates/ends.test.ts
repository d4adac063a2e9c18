import { expect, it } from 'vitest'
import { placeOf, urgency } from './ends'

const now = new Date('2026-06-01T00:00:00Z')

it.each([
  ['2026-05-31T23:59:59Z', 'over'],
  ['2026-06-01T00:00:00Z', 'over'],
  ['2026-06-08T00:00:00Z', 'week'],
  ['2026-06-08T00:00:01Z', 'month'],
  ['2026-07-01T00:00:00Z', 'month'],
  ['2026-07-01T00:00:01Z', 'later'],
])('%s is %s', (at, want) => expect(urgency(at, now)).toBe(want))

it('leads to where each is renewed', () => {
  expect(placeOf({ kind: 'client_secret', id: 'a/b' })).toBe('applications/a%2Fb/secrets')
  expect(placeOf({ kind: 'app_key', id: 'f' })).toBe('app-ids/f')
  expect(placeOf({ kind: 'webhook_secret', id: 'whk_1' })).toBe('webhooks/whk_1/secret')
  expect(placeOf({ kind: 'setup_link', id: 'src_1' })).toBe('sources/src_1/links')
})
