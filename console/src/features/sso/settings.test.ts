import { describe, expect, it } from 'vitest'
import { draftOf, settingsOf } from './settings'

const stored = {
  callback_url: 'https://id.example/cb',
  has_secret: true,
  version: 3,
  domain: 'acme.example',
  authorize_url: 'https://c.example/a',
  account_field: 'user.id',
  fields: { name: 'display' },
  schemes: {},
  pkce: false,
  enabled: true,
}

describe('the settings of enterprise SSO', () => {
  it('come through the form unchanged, the secret left alone', () => {
    expect(settingsOf(draftOf(stored), true)).toEqual({
      enabled: true,
      domain: 'acme.example',
      authorize_url: 'https://c.example/a',
      account_field: 'user.id',
      fields: { name: 'display' },
      schemes: {},
      pkce: false,
      token_style: 'body',
      dialect: 'auto',
    })
  })
  it('say what was typed, and what was taken away not at all', () => {
    const draft = { ...draftOf(stored), client_secret: 'new', domain: '', 'schemes.ios': 'acme://', auto_create_members: 'no' }
    const body = settingsOf(draft, false)
    expect(body).toMatchObject({ client_secret: 'new', schemes: { ios: 'acme://' }, auto_create_members: false, enabled: false })
    expect(body).not.toHaveProperty('domain')
  })
})
