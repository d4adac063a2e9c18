import { expect, it } from 'vitest'
import { isKind, lacking } from './kinds'

const placeholders = [
  { name: 'code', required: true },
  { name: 'minutes', required: false },
]

it('tells which placeholders a text lacks', () => {
  expect(lacking('Yours is code.', placeholders)).toEqual(['{code}'])
  expect(lacking('Yours is {code}.', placeholders)).toEqual([])
})
it('asks nothing of a text that is left out', () => expect(lacking('', placeholders)).toEqual([]))
it('knows the kinds it has names for', () => expect([isKind('code'), isKind('pigeon')]).toEqual([true, false]))
