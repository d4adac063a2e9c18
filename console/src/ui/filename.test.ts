import { describe, expect, it } from 'vitest'
import { nameOf } from './filename'

describe('the name of a file', () => {
  it('is what the server calls it, in any script', () => {
    expect(nameOf('attachment; filename="members.csv"', 'x')).toBe('members.csv')
    expect(nameOf("attachment; filename=members.csv; filename*=UTF-8''%E6%88%90%E5%91%98.csv", 'x')).toBe('成员.csv')
  })
  it('is ours where the server tells none', () => {
    expect(nameOf(null, 'members.xlsx')).toBe('members.xlsx')
    expect(nameOf("attachment; filename*=UTF-8''%ZZ", 'members.xlsx')).toBe('members.xlsx')
  })
})
