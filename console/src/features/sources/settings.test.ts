import { describe, expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { changeOf, draftOf } from './settings'

const field = (key: string, type: Schemas['SourceField']['type'], def = ''): Schemas['SourceField'] => ({
  key,
  type,
  label: key,
  help: '',
  required: false,
  choices: [],
  default: def,
})
const fields = [field('token_url', 'address'), field('client_secret', 'secret'), field('pkce', 'switch', 'true'), field('scope', 'list')]
const source: Schemas['Source'] = {
  id: 'src_1',
  name: 'Partner',
  kind: 'oidc',
  enabled: false,
  default: false,
  icon: '',
  callback_url: 'https://id.example/cb',
  logout_url: '',
  mappings: [{ ours: 'name', theirs: 'display' }],
  match: { ours: 'account', theirs: 'uid' },
  settings: { token_url: 'https://p.example/token', scope: ['openid', 'email'] },
  secrets: ['client_secret'],
  version: 2,
  created_at: '2030-01-01T00:00:00Z',
  updated_at: '2030-01-01T00:00:00Z',
}

describe('the form of a source', () => {
  it('shows what is stored, defaults, and no secret', () => {
    const draft = draftOf(source, fields)
    expect(draft.settings).toEqual({ token_url: 'https://p.example/token', client_secret: '', pkce: true, scope: 'openid email' })
    expect(draft['match.strategy']).toBe('bind_or_create')
  })
  it('changes nothing that was left alone', () => {
    const draft = draftOf(source, fields)
    expect(changeOf(draft, structuredClone(draft), fields)).toEqual({})
  })
  it('says the settings that changed, and rules whole', () => {
    const before = draftOf(source, fields)
    const now = {
      ...before,
      name: 'Friend',
      settings: { ...before.settings, client_secret: 'new', pkce: false, scope: 'openid,  phone', token_url: '' },
      'match.trusted': ['email'],
      mappings: [],
    }
    expect(changeOf(before, now, fields)).toEqual({
      name: 'Friend',
      settings: { token_url: '', client_secret: 'new', pkce: false, scope: ['openid', 'phone'] },
      match: { ours: 'account', theirs: 'uid', strategy: 'bind_or_create', trusted: ['email'] },
      mappings: [],
    })
  })
})
