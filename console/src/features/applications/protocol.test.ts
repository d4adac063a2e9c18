import { describe, expect, it } from 'vitest'
import { changeOf } from './protocol'

describe('the change of a protocol', () => {
  it('says numbers as numbers, and what CAS adds in its block', () => {
    expect(changeOf({ access_token_life: '600', refresh_grace: '0', scopes: ['openid'] })).toEqual({
      access_token_life: 600,
      refresh_grace: 0,
      scopes: ['openid'],
    })
    expect(changeOf({ 'cas.proxy': true, exit_url: '' })).toEqual({ cas: { proxy: true }, exit_url: '' })
    expect(changeOf({})).toEqual({})
  })
})
