import { describe, expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { drafted, momentOf, moved } from './order'

const policy = (id: string): Schemas['Policy'] => ({
  id,
  name: `Name of ${id}`,
  description: '',
  decision: 'allow',
  regions: [],
  report_only: false,
  schedule: {},
  version: 3,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-01T00:00:00Z',
})

describe('the order of policies', () => {
  it('moves one, and never out of the list', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
    expect(moved(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a'])
    expect(moved([], 0, 1)).toEqual([])
  })
  it('drafts one in its place, a new one last, and says no identifiers', () => {
    const draft = { name: 'Draft', decision: 'deny' }
    expect(drafted([policy('a'), policy('b')], 'a', draft).map((p) => p.name)).toEqual(['Draft', 'Name of b'])
    expect(drafted([policy('a')], 'new', draft).map((p) => p.name)).toEqual(['Name of a', 'Draft'])
    expect(drafted([policy('a')], 'new', draft)[0]).not.toHaveProperty('id')
  })
})

describe('a moment that was typed', () => {
  it('is told with its zone, or not at all', () => {
    expect(momentOf('2030-01-31T09:00')).toMatch(/^2030-01-3\dT\d\d:00:00\.000Z$/)
    expect(momentOf('')).toBeUndefined()
    expect(momentOf('soon')).toBeUndefined()
  })
})
