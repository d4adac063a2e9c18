import { describe, expect, it } from 'vitest'
import { momentOf } from '../applications/order'
import { fullness, localOf, sortedTotals, type Total, withMembers } from './kinds'

const total = (kind: string, limited: boolean, used = 0): Total => ({
  kind,
  limited,
  granted: limited ? 10 : 0,
  used,
  expiring: 0,
  expired: 0,
})

describe('totals', () => {
  it('are drawn by what is known of them, people first', () => {
    const { metered, granted, free } = sortedTotals([
      total('participants', true),
      total('idea_hubs', false, 3),
      total('meeting_rooms', true, 2),
      total('whiteboards', false),
      total('members', true, 4),
    ])
    expect(metered.map((t) => t.kind)).toEqual(['members', 'meeting_rooms'])
    expect(granted.map((t) => t.kind)).toEqual(['participants'])
    expect(free.map((t) => t.kind)).toEqual(['idea_hubs'])
  })
  it('of members are bounded by the limit of the organisation where none were granted', () => {
    const members = total('members', false, 20)
    expect(withMembers([members], 0)).toEqual([members])
    expect(withMembers([members], 200)).toEqual([{ ...members, limited: true, granted: 200, left: 180 }])
    expect(withMembers([members], 15)[0]?.left).toBe(0)
    expect(withMembers([total('members', true, 4), total('idea_hubs', false, 1)], 200)).toEqual([
      total('members', true, 4),
      total('idea_hubs', false, 1),
    ])
  })
  it('are told as full before they are', () => {
    expect(fullness({ granted: 10, used: 8 })).toBe('good')
    expect(fullness({ granted: 10, used: 9 })).toBe('warn')
    expect(fullness({ granted: 10, used: 10 })).toBe('bad')
    expect(fullness({ granted: 10, used: 12 })).toBe('bad')
    expect(fullness({ granted: 0, used: 0 })).toBe('bad')
  })
})

it('shows a moment so that reading the field gives it back', () => {
  const iso = '2031-03-09T17:05:00.000Z'
  expect(momentOf(localOf(iso))).toBe(iso)
  expect(localOf('')).toBe('')
  expect(localOf('soon')).toBe('')
})
