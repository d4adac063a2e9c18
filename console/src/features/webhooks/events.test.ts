import { describe, expect, it } from 'vitest'
import { eventsOf, kindsOf } from './events'

describe('events of a webhook', () => {
  it('come through a form unchanged', () => {
    for (const events of [['*'], ['member.*'], ['member.*', 'member_of_nothing.*', 'organization.changed'], []])
      expect(eventsOf(kindsOf(events))).toEqual(events)
  })
  it('are everything, or each once', () => {
    expect(eventsOf({ nouns: ['*'], kinds: ['member.added'] })).toEqual(['*'])
    expect(eventsOf({ nouns: ['group'], kinds: ['group.*', 'member.added'] })).toEqual(['group.*', 'member.added'])
    expect(kindsOf(['*', 'member.added'])).toEqual({ nouns: ['*'], kinds: [] })
  })
})
