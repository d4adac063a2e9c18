import type { Schemas } from '../../api/client'

type SSO = Schemas['SSO']

const fields = ['access_token', 'name', 'email', 'mobile', 'picture'] as const
const schemes = ['pc', 'ios', 'android'] as const

/** What a form holds of the settings of the enterprise's own sign-in, by the paths that the server names. */
export function draftOf(s: SSO) {
  return {
    domain: s.domain ?? '',
    authorize_url: s.authorize_url ?? '',
    token_url: s.token_url ?? '',
    userinfo_url: s.userinfo_url ?? '',
    client_id: s.client_id ?? '',
    client_secret: '',
    scope: s.scope ?? '',
    token_style: s.token_style ?? 'body',
    dialect: s.dialect ?? 'auto',
    pkce: s.pkce ?? true,
    account_field: s.account_field ?? '',
    'fields.name': s.fields?.name ?? '',
    'fields.email': s.fields?.email ?? '',
    'fields.mobile': s.fields?.mobile ?? '',
    'fields.picture': s.fields?.picture ?? '',
    'fields.access_token': s.fields?.access_token ?? '',
    'schemes.pc': s.schemes?.pc ?? '',
    'schemes.ios': s.schemes?.ios ?? '',
    'schemes.android': s.schemes?.android ?? '',
    auto_create_members: s.auto_create_members === undefined ? 'organization' : s.auto_create_members ? 'yes' : 'no',
    exit_url: s.exit_url ?? '',
  }
}

export type SSODraft = ReturnType<typeof draftOf>

/** What was typed as all settings. What is left empty has its default; an empty secret leaves the stored one. */
export function settingsOf(draft: SSODraft, enabled: boolean): Schemas['NewSSO'] {
  const typed = (name: keyof SSODraft) => (draft[name] === '' ? undefined : (draft[name] as string))
  const group = <T extends string>(prefix: 'fields' | 'schemes', names: readonly T[]) =>
    Object.fromEntries(names.map((n) => [n, typed(`${prefix}.${n}` as keyof SSODraft)]).filter(([, v]) => v !== undefined))
  const body: Schemas['NewSSO'] = {
    enabled,
    pkce: draft.pkce,
    token_style: draft.token_style as 'body',
    dialect: draft.dialect as 'auto',
    fields: group('fields', fields),
    schemes: group('schemes', schemes),
  }
  for (const name of [
    'domain',
    'authorize_url',
    'token_url',
    'userinfo_url',
    'client_id',
    'client_secret',
    'scope',
    'account_field',
    'exit_url',
  ] as const) {
    const value = typed(name)
    if (value !== undefined) body[name] = value
  }
  if (draft.auto_create_members !== 'organization') body.auto_create_members = draft.auto_create_members === 'yes'
  return body
}
