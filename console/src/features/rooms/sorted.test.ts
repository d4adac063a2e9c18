import { expect, it } from 'vitest'
import { lent, seatsOf } from './sorted'

it('reads the seats from the size', () => {
  expect(seatsOf('vmr50')).toBe(50)
  expect(seatsOf('vmr500')).toBe(500)
  expect(seatsOf('')).toBeUndefined()
  expect(seatsOf('vmr')).toBeUndefined()
  expect(seatsOf('vmr50x')).toBeUndefined()
})

it('knows whether somebody has a room', () => {
  expect(lent({ member: '', terminal: '' })).toBe(false)
  expect(lent({ member: 'mem_1', terminal: '' })).toBe(true)
  expect(lent({ member: '', terminal: 'trm_1' })).toBe(true)
})
