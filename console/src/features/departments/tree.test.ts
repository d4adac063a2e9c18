import { describe, expect, it } from 'vitest'
import { type Department, flat, narrowed, opened, targetsOf, treeOf, within } from './tree'

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

describe('what is shown of a tree', () => {
  it('is what fits by name or code, with what stands above', () => {
    expect(flat(narrowed(treeOf(some), 'AB')).map((d) => d.code)).toEqual(['1', 'a', 'ab'])
    expect(flat(narrowed(treeOf(some), ' name of F '))).toHaveLength(2)
    expect(narrowed(treeOf(some), 'nowhere')).toEqual([])
  })
  it('is all of it without a search', () => {
    expect(flat(narrowed(treeOf(some), ' '))).toHaveLength(some.length)
  })
  it('is open down to the one that is looked at', () => {
    const deep = [...some, department('deep', 'ab', '1/a/ab/deep/')]
    expect(opened(deep, '')).not.toContain('ab')
    expect(opened(deep, 'deep')).toContain('ab')
  })
})

describe('where a department can be moved', () => {
  it('is neither below itself nor where it is', () => {
    const a = some.find((d) => d.code === 'a') as Department
    expect(targetsOf(a, some).map((d) => d.code)).toEqual(['b', 'first'])
  })
})
