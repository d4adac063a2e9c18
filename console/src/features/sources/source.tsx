import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button, ButtonLink } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Copyable, Facts, Loading, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { TabsAt } from '../../ui/tabs'
import { SourceIcon } from './icon'
import { SetupLinks } from './links'
import { Rules } from './rules'
import { changeOf, draftOf, type Setting } from './settings'
import { type Source, SourceState, useKinds } from './sources'
import { SourceTry } from './try'

const one = '/api/v1/organizations/{org}/sources/{source}'

type Field = Schemas['SourceField']

/** One source: its settings with the try, and the links by which the other side fills them in. */
export function SourcePage({ id }: { id: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { part = 'settings' } = useParams()
  const { kinds, ready, error: unknown } = useKinds()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, source: id } } })
  const back = <ButtonLink href={at('sources')}>{t('sources.all')}</ButtonLink>
  const failure = error ?? unknown
  if (!data || !ready)
    return (
      <Page title={t('sources.one')} action={back}>
        {failure ? <Refused error={failure} /> : <Loading />}
      </Page>
    )
  const fields = kinds.find((k) => k.kind === data.kind)?.fields ?? []
  return (
    <Page title={data.name} action={back} tools={<SourceState source={data} />}>
      <div className="card wide">
        <TabsAt
          label={data.name}
          part={part}
          to={(tab) => at(`sources/${id}${tab === 'settings' ? '' : `/${tab}`}`)}
          tabs={[
            { id: 'settings', title: t('sources.settings'), view: () => <Settings key={data.version} source={data} fields={fields} /> },
            { id: 'icon', title: t('icon.title'), view: () => <SourceIcon source={data} /> },
            { id: 'links', title: t('sources.links'), view: () => <SetupLinks source={data} fields={fields} /> },
          ]}
        />
      </div>
    </Page>
  )
}

function Settings({ source: s, fields }: { source: Source; fields: readonly Field[] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const view = useView()
  const before = draftOf(s, fields)
  const draft = useDraft(before)
  const change = $api.useMutation('patch', one)
  const start = $api.useMutation('post', `${one}/tries`)
  const [url, setURL] = useState('')
  const body = () => changeOf(before, draft.values, fields)
  const set = (key: string, value: Setting) => draft.set('settings', { ...draft.values.settings, [key]: value })
  const trying = useRef(false)
  const submit = async () => {
    if (trying.current) return tryOut()
    await change.mutateAsync({ params: { path: { org, source: s.id }, header: { 'If-Match': version(s.version) } }, body: body() })
    say(t('sources.saved', { name: draft.values.name }))
  }
  const tryOut = async () => {
    trying.current = false
    const begun = await start.mutateAsync({ params: { path: { org, source: s.id } }, body: body() })
    setURL(begun.url)
    view.set('try', begun.id)
    return false
  }
  return (
    <>
      <Section title={t('sources.register')}>
        <p className="help">{t('sources.register_help')}</p>
        <Facts
          rows={[
            [t('sources.callback_url'), <Copyable key="c" text={s.callback_url} label={t('sources.callback_url')} />],
            [t('sources.logout_url'), s.logout_url ? <Copyable key="l" text={s.logout_url} label={t('sources.logout_url')} /> : ''],
          ]}
        />
      </Section>
      <FormFrame
        dirty={draft.dirty}
        submit={submit}
        verb={t('common.save')}
        more={
          <Button
            type="submit"
            onPress={() => {
              trying.current = true
            }}
          >
            {t('try.it')}
          </Button>
        }
      >
        <TextInput {...draft.at('name')} label={t('sources.name')} required maxLength={64} />
        {fields.map((f) => (
          <SettingInput
            key={f.key}
            field={f}
            stored={s.secrets.includes(f.key)}
            value={draft.values.settings[f.key] ?? ''}
            onChange={(value) => set(f.key, value)}
          />
        ))}
        <Rules draft={draft} />
      </FormFrame>
      {view.get('try') ? <SourceTry key={view.get('try')} source={s} id={view.get('try')} url={url} /> : null}
      <Acts source={s} />
    </>
  )
}

interface SettingProps {
  field: Field
  /** Whether a secret is stored that an empty field leaves. */
  stored: boolean
  value: Setting
  onChange: (value: Setting) => void
}

/** A setting as its type in the schema asks. */
function SettingInput({ field: f, stored, value, onChange }: SettingProps) {
  const { t } = useTranslation()
  const common = { name: `settings.${f.key}`, label: f.label, help: f.help }
  const text = { ...common, value: String(value), onChange }
  const secret = { ...text, help: stored ? `${f.help} ${t('sources.stays')}` : f.help }
  switch (f.type) {
    case 'switch':
      return <CheckInput {...common} value={value === true} onChange={onChange} />
    case 'choice':
      return <SelectInput {...text} choices={f.choices.map((c) => ({ id: c.value, label: c.label }))} />
    case 'secret':
      return <TextInput {...secret} type="password" autoComplete="new-password" />
    case 'key':
      return <TextInput {...secret} rows={4} code />
    case 'address':
      return <TextInput {...text} type="url" />
    default:
      return <TextInput {...text} code={f.type === 'path'} />
  }
}

/** What can be done with a source as a whole. */
function Acts({ source: s }: { source: Source }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const call = { params: { path: { org, source: s.id }, header: { 'If-Match': version(s.version) } } }
  const turn = async (enabled: boolean) => {
    await change.mutateAsync({ ...call, body: { enabled } })
    say(t(enabled ? 'sources.enabled' : 'sources.disabled', { name: s.name }))
  }
  return (
    <Section title={t('sources.acts')}>
      <div className="actions">
        {s.enabled ? (
          <ConfirmButton verb={t('sources.disable')} title={t('sources.disable_title', { name: s.name })} act={() => turn(false)}>
            <p>{t('sources.disable_text')}</p>
          </ConfirmButton>
        ) : (
          <ConfirmButton
            look="second"
            verb={t('sources.enable')}
            title={t('sources.enable_title', { name: s.name })}
            act={() => turn(true)}
          >
            <p>{t('sources.enable_text')}</p>
          </ConfirmButton>
        )}
        <ConfirmButton
          verb={t('sources.remove')}
          title={t('sources.remove_title', { name: s.name })}
          typed={s.name}
          act={async () => {
            await remove.mutateAsync(call)
            say(t('sources.removed', { name: s.name }))
            void navigate(at('sources'))
          }}
        >
          <p>{t('sources.remove_text')}</p>
        </ConfirmButton>
      </div>
    </Section>
  )
}
