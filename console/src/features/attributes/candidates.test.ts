import { expect, it } from 'vitest'
import { candidatesOf } from './candidates'

it('reads candidates line by line', () => {
  expect(candidatesOf(' Early shift\r\n\n  晚班\n')).toEqual(['Early shift', '晚班'])
  expect(candidatesOf('')).toEqual([])
})
