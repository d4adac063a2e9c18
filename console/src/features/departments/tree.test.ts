import { describe, expect, it } from 'vitest'
import { type Department, flat, treeOf, within } from './tree'

const department = (code: string, parent: string, path: string, sort_level = 1): Department => ({
  id: `dep_${code}`,
  code,
  parent,
  path,
  sort_level,
  name: `Name of ${code}`,
  level: path.split('/').length - 1,
  note: '',
  open: false,
  sees: 'all',
  designated: [],
  version: 1,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-01T00:00:00Z',
})

const some = [
  department('b', '1', '1/b/', 2),
  department('a', '1', '1/a/', 2),
  department('1', '', '1/'),
  department('first', '1', '1/first/'),
  department('ab', 'a', '1/a/ab/'),
]

describe('a tree of departments', () => {
  it('has each below its parent, in the order of sort levels, then of names', () => {
    expect(flat(treeOf(some)).map((d) => d.code)).toEqual(['1', 'first', 'a', 'ab', 'b'])
  })
  it('begins with those whose parent is not seen', () => {
    expect(treeOf([department('x', 'hidden', '1/hidden/x/')]).map((d) => d.code)).toEqual(['x'])
  })
  it('knows who stands below whom', () => {
    const [, a, root, , ab] = some as [Department, Department, Department, Department, Department]
    expect([within(ab, a), within(a, a), within(a, ab), within(ab, root)]).toEqual([true, true, false, true])
    // A code that begins like another one is not below it.
    expect(within(department('ax', '1', '1/ax/'), a)).toBe(false)
  })
})
