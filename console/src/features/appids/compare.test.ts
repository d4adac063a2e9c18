import { describe, expect, it } from 'vitest'
import { compare, visible } from './compare'

const shown = (pieces: { text: string; differs: boolean }[]) => pieces.map((p) => (p.differs ? `[${p.text}]` : p.text)).join('')

describe('compare', () => {
  it.each([
    ['a:b:1', 'a:b:1', -1, 'a:b:1', 'a:b:1'],
    ['a:b:1', 'a|b:1', 1, 'a[:]b:1', 'a[|]b:1'],
    ['a:b:1', 'a:b:1\n', 5, 'a:b:1', 'a:b:1[\\n]'],
    ['a:b:1', '', 0, '[a:b:1]', ''],
    ['a::1', 'a:1', 2, 'a:[:]1', 'a:1'],
    ['李:b', '李%:b', 3, '李:b', '李[%]:b'],
    ['a:b:1', 'a: b:1\n', 2, 'a:b:1', 'a:[·]b:1[\\n]'],
    ['a:b:1', 'a|b|1', 1, 'a[:]b[:]1', 'a[|]b[|]1'],
    ['aaa', 'aa', 2, 'aa[a]', 'aa'],
    ['a b', 'a\u00a0b', 1, 'a[·]b', 'a[U+00A0]b'],
    ['a😀b', 'a😁b', 1, 'a[😀]b', 'a[😁]b'],
  ])('%j and %j', (expected, received, at, left, right) => {
    const c = compare(expected, received)
    expect([c.at, shown(c.expected), shown(c.received)]).toEqual([at, left, right])
  })

  it('marks endless texts between their ends', () => {
    const c = compare(`a${'b'.repeat(1500)}c`, `a${'d'.repeat(1500)}c`)
    expect(c.expected.map((p) => p.text.length)).toEqual([1, 1500, 1])
  })

  it('counts bytes, not characters', () => {
    expect(compare('李', 'é').bytes).toEqual([3, 2])
  })

  it('names what cannot be seen', () => {
    expect(visible('a\r\n\u200bb').map((p) => p.name)).toEqual([undefined, 'carriage return', 'line feed', 'U+200B', undefined])
  })
})
