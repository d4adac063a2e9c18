import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { Problem } from '../../api/problem'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Copyable, Facts, Loading, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { Outlook, Steps, TryState } from '../tries/report'
import { draftOf, type SSODraft, settingsOf } from './settings'

type SSO = Schemas['SSO']

const one = '/api/v1/organizations/{org}/sso'

/** Signing in at the enterprise's own centre: every setting, the try, and the switch. */
export function Component() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org } } })
  return (
    <Page
      title={t('nav.sso')}
      tools={data ? <Tag tone={data.enabled ? 'good' : 'plain'}>{data.enabled ? t('sso.on') : t('sso.off')}</Tag> : null}
    >
      {error ? <Refused error={error} /> : data ? <Settings key={data.version} sso={data} /> : <Loading />}
    </Page>
  )
}

/** How a try goes, asked for until it is over. */
function useTry(id: string) {
  const { org } = useOrg()
  return $api.useQuery(
    'get',
    `${one}/tries/{try}`,
    { params: { path: { org, try: id } } },
    { enabled: id !== '', staleTime: 0, refetchInterval: ({ state }) => (state.data && state.data.state !== 'waiting' ? false : 2000) },
  )
}

function Settings({ sso: s }: { sso: SSO }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const view = useView()
  const draft = useDraft(draftOf(s))
  const set = $api.useMutation('put', one)
  const start = $api.useMutation('post', `${one}/tries`)
  const [begun, setBegun] = useState({ id: '', url: '', values: '' })
  const id = begun.id || view.get('try')
  const report = useTry(id)
  const typed = JSON.stringify(draft.values)
  const passed = report.data?.state === 'passed' && begun.values === typed
  const save = async (enabled: boolean) => {
    await set.mutateAsync({
      params: { path: { org }, header: s.version > 0 ? { 'If-Match': version(s.version) } : {} },
      body: settingsOf(draft.values, enabled),
    })
    say(t(enabled ? 'sso.saved_on' : 'sso.saved'))
  }
  const trying = useRef(false)
  const submit = async () => {
    if (trying.current) return tryOut()
    if (s.enabled && !passed) throw new Problem(0, { detail: t('sso.try_first') })
    await save(s.enabled ?? false)
  }
  const tryOut = async () => {
    trying.current = false
    const made = await start.mutateAsync({ params: { path: { org } }, body: settingsOf(draft.values, s.enabled ?? false) })
    setBegun({ id: made.id, url: made.url, values: typed })
    return false
  }
  return (
    <>
      <div className="card narrow">
        <Section title={t('sources.register')}>
          <Facts rows={[[t('sources.callback_url'), <Copyable key="c" text={s.callback_url} label={t('sources.callback_url')} />]]} />
        </Section>
        <FormFrame
          dirty={draft.dirty}
          submit={submit}
          verb={t('common.save')}
          more={
            <>
              <Button
                type="submit"
                onPress={() => {
                  trying.current = true
                }}
              >
                {t('try.it')}
              </Button>
              {s.enabled && draft.dirty && !passed ? (
                <ConfirmButton
                  verb={t('sso.save_untried')}
                  title={t('sso.save_untried')}
                  typed={t('sso.untried_word')}
                  act={() => save(true)}
                >
                  <p>{t('sso.untried')}</p>
                </ConfirmButton>
              ) : null}
              <Turn sso={s} passed={passed} save={save} />
            </>
          }
        >
          <Fields draft={draft} stored={s.has_secret} />
        </FormFrame>
      </div>
      {id ? (
        <div className="card wide">
          <Section title={t('try.title')}>
            {report.error ? <Refused error={report.error} /> : null}
            {report.data ? <Report report={report.data} url={begun.url} /> : null}
          </Section>
        </div>
      ) : null}
    </>
  )
}

/** Puts what is typed in force, or the whole out of it. Without a try that passed, the domain has to be typed. */
function Turn({ sso: s, passed, save }: { sso: SSO; passed: boolean; save: (enabled: boolean) => Promise<void> }) {
  const { t } = useTranslation()
  if (s.enabled)
    return (
      <ConfirmButton verb={t('sso.disable')} title={t('sso.disable_title')} act={() => save(false)}>
        <p>{t('sso.disable_text')}</p>
      </ConfirmButton>
    )
  const word = passed ? {} : { typed: t('sso.untried_word') }
  return (
    <ConfirmButton
      look={passed ? 'second' : 'danger'}
      verb={t('sso.enable')}
      title={t('sso.enable_title')}
      act={() => save(true)}
      {...word}
    >
      <p>{t('sso.enable_text')}</p>
      {passed ? null : <p>{t('sso.untried')}</p>}
    </ConfirmButton>
  )
}

function Fields({ draft, stored }: { draft: Draft<SSODraft>; stored: boolean }) {
  const { t } = useTranslation()
  const text = (name: keyof SSODraft & string) => draft.at(name) as { name: string; value: string; onChange: (value: string) => void }
  return (
    <>
      <TextInput {...text('domain')} label={t('sso.domain')} help={t('sso.domain_help')} example="acme.example" />
      <Section title={t('sso.centre')}>
        <TextInput {...text('authorize_url')} type="url" label={t('sso.authorize_url')} help={t('sso.authorize_url_help')} />
        <TextInput {...text('token_url')} type="url" label={t('sso.token_url')} />
        <TextInput {...text('userinfo_url')} type="url" label={t('sso.userinfo_url')} help={t('sso.userinfo_url_help')} />
        <TextInput {...text('client_id')} label={t('apps.client_id')} code />
        <TextInput
          {...text('client_secret')}
          type="password"
          autoComplete="new-password"
          label={t('apps.client_secret')}
          help={stored ? t('sso.secret_stays') : ''}
        />
        <TextInput {...text('scope')} label={t('apps.scopes')} help={t('sso.scope_help')} code />
        <SelectInput
          {...text('token_style')}
          label={t('sso.token_style')}
          choices={(['body', 'header'] as const).map((id) => ({ id, label: t(`sso.token_style.${id}`) }))}
        />
        <SelectInput
          {...text('dialect')}
          label={t('sso.dialect')}
          choices={(['auto', 'oauth2', 'wechat'] as const).map((id) => ({ id, label: t(`sso.dialect.${id}`) }))}
        />
        <CheckInput {...draft.at('pkce')} label="PKCE" help={t('sso.pkce_help')} />
      </Section>
      <Section title={t('sso.fields')}>
        <p className="help">{t('sources.theirs_help')}</p>
        <TextInput {...text('account_field')} label={t('members.account')} example="sub" code />
        <TextInput {...text('fields.name')} label={t('members.name')} example="name" code />
        <TextInput {...text('fields.email')} label={t('members.email')} example="email" code />
        <TextInput {...text('fields.mobile')} label={t('members.mobile')} example="phone_number" code />
        <TextInput {...text('fields.picture')} label={t('sso.picture')} example="picture" code />
        <TextInput
          {...text('fields.access_token')}
          label={t('sso.access_token')}
          help={t('sso.access_token_help')}
          example="access_token"
          code
        />
      </Section>
      <Section title={t('sso.after')}>
        <SelectInput
          {...text('auto_create_members')}
          label={t('sso.auto_create')}
          choices={(['organization', 'yes', 'no'] as const).map((id) => ({ id, label: t(`sso.auto_create.${id}`) }))}
        />
        <TextInput {...text('schemes.pc')} label={t('sso.schemes.pc')} help={t('sso.schemes_help')} code />
        <TextInput {...text('schemes.ios')} label="iOS" code />
        <TextInput {...text('schemes.android')} label="Android" code />
        <TextInput {...text('exit_url')} type="url" label={t('apps.exit_url')} help={t('sso.exit_url_help')} />
      </Section>
    </>
  )
}

function Report({ report: r, url }: { report: Schemas['TryReport']; url: string }) {
  const { t } = useTranslation()
  return (
    <>
      <TryState state={r.state} url={url} />
      <Steps steps={r.steps} />
      {r.state === 'passed' ? (
        <>
          <Facts rows={r.values.map((v) => [v.path ? `${v.field} (${v.path})` : v.field, v.value || t('sources.said_nothing')] as const)} />
          <Outlook outlook={r.outlook} />
        </>
      ) : null}
    </>
  )
}
