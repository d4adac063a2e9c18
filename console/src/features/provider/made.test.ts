import { describe, expect, it } from 'vitest'
import { blank, madeOf } from './made'

describe('a new enterprise', () => {
  it('leaves to the server what was not typed', () => {
    expect(madeOf({ ...blank, name: 'Acme', 'owner.name': 'Ann' })).toEqual({
      name: 'Acme',
      owner: { name: 'Ann', must_change_password: true },
    })
  })
  it('carries what was typed by the names of the server', () => {
    const typed = {
      ...blank,
      name: 'Acme',
      code: 'acme',
      domain: 'acme.com',
      members: '250',
      'owner.name': 'Ann',
      'owner.email': 'a@acme.com',
    }
    expect(madeOf(typed)).toEqual({
      name: 'Acme',
      code: 'acme',
      domain: 'acme.com',
      limits: { members: 250 },
      owner: { name: 'Ann', account: 'a@acme.com', email: 'a@acme.com', must_change_password: true },
    })
  })
  it('has nobody in it when nobody is wanted', () => {
    expect(madeOf({ ...blank, name: 'Acme', has_owner: false, 'owner.name': 'Ann' })).toEqual({ name: 'Acme' })
  })
})
