import { expect, it } from 'vitest'
import { makeEach, sheetOf } from './codes'

it('writes devices and codes for a spreadsheet', () => {
  const codes = [
    { name: 'Lobby', code: 'ABCD2345EFGH' },
    { name: 'Hall\tnorth', code: 'JKLM2345NPQR' },
  ]
  expect(sheetOf(codes)).toBe('Lobby\tABCD2345EFGH\nHall north\tJKLM2345NPQR')
})

it('keeps what was made before one is refused', async () => {
  const refusal = new Error('one too many')
  const make = async (name: string) => {
    if (name === 'third') throw refusal
    return name.toUpperCase()
  }
  expect(await makeEach(['first', 'second'], make)).toEqual({ made: ['FIRST', 'SECOND'] })
  expect(await makeEach(['first', 'third', 'second'], make)).toEqual({ made: ['FIRST'], refused: refusal })
})
