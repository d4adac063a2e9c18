import { expect, it } from 'vitest'
import { typed, untyped } from './numbers'

it('brings rules into a form and out again', () => {
  const rules = { min_length: 8, ascii_only: false }
  expect(typed(rules)).toEqual({ min_length: '8', ascii_only: false })
  expect(untyped(typed(rules))).toEqual(rules)
})
it('takes what was emptied for nothing', () => expect(untyped({ history: '' })).toEqual({ history: 0 }))
