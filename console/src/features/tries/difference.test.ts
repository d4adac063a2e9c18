import { describe, expect, it } from 'vitest'
import { difference } from './difference'

describe('the first difference', () => {
  it('is found between characters, not bytes', () => {
    expect(difference('https://a.example', 'https://b.example')).toEqual({ same: 'https://', expected: 'a.example', received: 'b.example' })
    expect(difference('门卫甲', '门卫乙')).toEqual({ same: '门卫', expected: '甲', received: '乙' })
  })
  it('is none where both are the same, and all where one is empty', () => {
    expect(difference('x', 'x')).toEqual({ same: 'x', expected: '', received: '' })
    expect(difference('', 'x')).toEqual({ same: '', expected: '', received: 'x' })
  })
})
