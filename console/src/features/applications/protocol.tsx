import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ChoicesInput, LinesInput } from '../../ui/choices'
import { Section } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { ManyInput } from '../../ui/pick'
import { useSay } from '../../ui/said'
import { TryButton } from '../tries/application'
import type { Application } from './applications'

const scopes = ['openid', 'profile', 'email', 'phone', 'offline_access'] as const
const grants = ['authorization_code', 'refresh_token', 'client_credentials'] as const
const methods = ['client_secret_basic', 'client_secret_post'] as const
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256'] as const

/** What of an application's protocol is set; numbers as they are typed. */
function settingsOf(a: Application) {
  return {
    home_urls: a.home_urls,
    exit_url: a.exit_url,
    administrator_url: a.administrator_url,
    consent: a.consent,
    sources: a.sources,
    scopes: a.scopes,
    grants: a.grants,
    auth_methods: a.auth_methods,
    require_pkce: a.require_pkce,
    access_token_format: a.access_token_format ?? 'opaque',
    access_token_alg: a.access_token_alg ?? 'ES256',
    id_token_alg: a.id_token_alg ?? 'RS256',
    access_token_life: String(a.access_token_life),
    refresh_token_life: String(a.refresh_token_life),
    id_token_life: String(a.id_token_life),
    refresh_grace: String(a.refresh_grace),
    audiences: a.audiences,
    introspectors: a.introspectors,
    backchannel_logout_url: a.backchannel_logout_url,
    'cas.service_prefixes': a.cas?.service_prefixes ?? [],
    'cas.proxy': a.cas?.proxy ?? false,
    'cas.single_logout': a.cas?.single_logout ?? true,
    'cas.logout_url': a.cas?.logout_url ?? '',
  }
}

type Settings = ReturnType<typeof settingsOf>

/** What was typed as the body of a change: numbers as numbers, what CAS adds in its block. */
export function changeOf(changed: Partial<Settings>): Schemas['ApplicationChange'] {
  const body: Record<string, unknown> = {}
  const cas: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(changed)) {
    if (name.startsWith('cas.')) cas[name.slice(4)] = value
    else if (/_life$|_grace$/.test(name)) body[name] = Number(value)
    else body[name] = value
  }
  if (Object.keys(cas).length > 0) body.cas = cas
  return body as Schemas['ApplicationChange']
}

/** How an application speaks. */
export function ApplicationProtocol({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/applications/{client_id}')
  const draft = useDraft(settingsOf(a))
  const submit = async () => {
    await change.mutateAsync({
      params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } },
      body: changeOf(draft.changed()),
    })
    say(t('apps.changed', { name: a.name }))
  }
  const cas = a.protocol === 'cas'
  return (
    <FormFrame
      dirty={draft.dirty}
      submit={submit}
      verb={t('common.save')}
      more={cas ? null : <TryButton application={a} change={() => changeOf(draft.changed())} />}
    >
      <Addresses draft={draft} cas={cas} />
      {cas ? <CASSettings draft={draft} /> : <OAuthSettings draft={draft} application={a} />}
    </FormFrame>
  )
}

function Addresses({ draft, cas }: { draft: Draft<Settings>; cas: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <LinesInput
        {...draft.at('home_urls')}
        label={t(cas ? 'apps.services' : 'apps.home_urls')}
        help={t(cas ? 'apps.services_help' : 'apps.home_urls_help')}
        required
      />
      <TextInput {...draft.at('exit_url')} type="url" label={t('apps.exit_url')} help={t('apps.exit_url_help')} />
      <TextInput
        {...draft.at('administrator_url')}
        type="url"
        label={t('apps.administrator_url')}
        help={t('apps.administrator_url_help')}
      />
      <CheckInput {...draft.at('consent')} label={t('apps.consent')} help={t('apps.consent_help')} />
      <SourcesInput {...draft.at('sources')} label={t('apps.sources')} help={t('apps.sources_help')} />
    </>
  )
}

/** The authentication sources that an application offers, in their order. */
function SourcesInput(p: { name: string; label: string; help: string; value: string[]; onChange: (value: string[]) => void }) {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/sources', { params: { path: { org } } })
  return <ManyInput {...p} choices={(data?.items ?? []).map((s) => ({ id: s.id, label: s.name, help: s.kind }))} />
}

function CASSettings({ draft }: { draft: Draft<Settings> }) {
  const { t } = useTranslation()
  return (
    <Section title="CAS">
      <LinesInput {...draft.at('cas.service_prefixes')} label={t('apps.cas.service_prefixes')} help={t('apps.cas.service_prefixes_help')} />
      <CheckInput {...draft.at('cas.single_logout')} label={t('apps.cas.single_logout')} />
      <TextInput {...draft.at('cas.logout_url')} type="url" label={t('apps.cas.logout_url')} help={t('apps.cas.logout_url_help')} />
      <CheckInput {...draft.at('cas.proxy')} label={t('apps.cas.proxy')} help={t('apps.cas.proxy_help')} />
    </Section>
  )
}

function OAuthSettings({ draft, application: a }: { draft: Draft<Settings>; application: Application }) {
  const { t } = useTranslation()
  const known = [...scopes, ...a.scopes.filter((s) => !(scopes as readonly string[]).includes(s))]
  return (
    <>
      <Section title={t('apps.asks')}>
        <ChoicesInput
          {...draft.at('scopes')}
          label={t('apps.scopes')}
          help={t('apps.scopes_help')}
          choices={known
            .filter((s) => a.protocol === 'oidc' || s !== 'openid' || a.scopes.includes(s))
            .map((s) => ({ id: s, label: s, help: (scopes as readonly string[]).includes(s) ? t(`apps.scope.${s as 'openid'}`) : '' }))}
        />
        <ChoicesInput
          {...draft.at('grants')}
          label={t('apps.grants')}
          choices={grants
            .filter((g) => !(a.public && g === 'client_credentials'))
            .map((g) => ({ id: g, label: t(`apps.grant.${g}`), help: g }))}
        />
        {a.public ? null : (
          <ChoicesInput {...draft.at('auth_methods')} label={t('apps.auth_methods')} choices={methods.map((m) => ({ id: m, label: m }))} />
        )}
        <CheckInput {...draft.at('require_pkce')} label={t('apps.require_pkce')} help={t('apps.require_pkce_help')} disabled={a.public} />
      </Section>
      <Section title={t('apps.tokens')}>
        <SelectInput
          {...draft.at('access_token_format')}
          onChange={(v) => draft.set('access_token_format', v as 'jwt')}
          label={t('apps.access_token_format')}
          choices={(['opaque', 'jwt'] as const).map((f) => ({ id: f, label: t(`apps.format.${f}`) }))}
        />
        {draft.values.access_token_format === 'jwt' ? (
          <>
            <SelectInput
              {...draft.at('access_token_alg')}
              onChange={(v) => draft.set('access_token_alg', v as 'ES256')}
              label={t('apps.access_token_alg')}
              choices={algorithms.map((id) => ({ id, label: id }))}
            />
            <LinesInput {...draft.at('audiences')} label={t('apps.audiences')} help={t('apps.audiences_help')} />
          </>
        ) : null}
        {a.protocol === 'oidc' ? (
          <SelectInput
            {...draft.at('id_token_alg')}
            onChange={(v) => draft.set('id_token_alg', v as 'RS256')}
            label={t('apps.id_token_alg')}
            choices={algorithms.map((id) => ({ id, label: id }))}
          />
        ) : null}
        <TextInput
          {...draft.at('access_token_life')}
          type="number"
          label={t('apps.access_token_life')}
          help={t('apps.seconds', { min: 60, max: 86400 })}
        />
        <TextInput
          {...draft.at('id_token_life')}
          type="number"
          label={t('apps.id_token_life')}
          help={t('apps.seconds', { min: 60, max: 86400 })}
        />
        <TextInput
          {...draft.at('refresh_token_life')}
          type="number"
          label={t('apps.refresh_token_life')}
          help={t('apps.seconds', { min: 60, max: 31536000 })}
        />
        <TextInput {...draft.at('refresh_grace')} type="number" label={t('apps.refresh_grace')} help={t('apps.refresh_grace_help')} />
        <LinesInput {...draft.at('introspectors')} label={t('apps.introspectors')} help={t('apps.introspectors_help')} />
        <TextInput {...draft.at('backchannel_logout_url')} type="url" label={t('apps.backchannel')} help={t('apps.backchannel_help')} />
      </Section>
    </>
  )
}
