import { expect, it } from 'vitest'
import { codeState } from './code'

const now = new Date('2030-05-20T08:00:00Z')

it('tells what is left of a code', () => {
  expect(codeState(undefined, now)).toBe('none')
  expect(codeState('2030-05-20T08:00:01Z', now)).toBe('open')
  expect(codeState('2030-05-20T10:00:00+02:00', now)).toBe('ended')
  expect(codeState('2030-05-19T08:00:00Z', now)).toBe('ended')
})
