import { describe, expect, it } from 'vitest'
import { stateOf } from './token'

describe('the state of a token', () => {
  const now = new Date('2030-06-01T00:00:00Z')
  it('is live without an end and before it', () => {
    expect(stateOf({}, now)).toBe('live')
    expect(stateOf({ expires_at: '2030-06-01T00:00:01Z' }, now)).toBe('live')
  })
  it('has ended from its end on', () => expect(stateOf({ expires_at: '2030-06-01T00:00:00Z' }, now)).toBe('ended'))
  it('is revoked, whatever its end', () =>
    expect(stateOf({ expires_at: '2029-01-01T00:00:00Z', revoked_at: '2028-01-01T00:00:00Z' }, now)).toBe('revoked'))
})
