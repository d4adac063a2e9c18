import { describe, expect, it } from 'vitest'
import { dayEnd, dayStart } from './days'

describe('a day', () => {
  it('begins and ends where the viewer is', () => {
    const start = dayStart('2030-05-20')
    expect(start && new Date(start).getHours()).toBe(0)
    expect(dayEnd('2030-05-20')).toBe(dayStart('2030-05-21'))
    expect(dayEnd('2030-12-31')).toBe(dayStart('2031-01-01'))
  })
  it('is nothing where none is given', () => {
    for (const none of ['', '2030', '20-05-2030', '2030-13-45']) expect([dayStart(none), dayEnd(none)]).toEqual([undefined, undefined])
  })
})
