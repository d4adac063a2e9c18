import { describe, expect, it } from 'vitest'
import { zoneNames } from './zones'

describe('time zones', () => {
  it('begin with UTC and the one that is set, each once', () => {
    const names = zoneNames('Etc/GMT-8')
    expect(names.slice(0, 2)).toEqual(['UTC', 'Etc/GMT-8'])
    expect(names).toContain('Asia/Shanghai')
    expect(new Set(names).size).toBe(names.length)
  })
  it('have no empty one', () => expect(zoneNames('')).not.toContain(''))
})
