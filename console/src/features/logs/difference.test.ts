import { expect, it } from 'vitest'
import { firstDifference } from './difference'

it.each([
  ['https://a.example/cb', 'https://a.example/cb/', 20],
  ['abc', 'abc', -1],
  ['abc', 'xbc', 0],
  ['𝒳y', '𝒳z', 1], // a letter that takes two units is one letter
  ['', 'a', 0],
])('%s and %s differ at %i', (a, b, want) => {
  expect(firstDifference(a, b)).toBe(want)
})
