import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Loading, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { Outcome } from './outcome'
import { encodings, languages, methods, smsOf, type TypedSMS, typedSMS } from './sms'

type Settings = Schemas['SMSSettings']

const path = '/api/v1/settings/sms'

/** To which gateway short messages go. */
export function Component() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', path)
  return (
    <Page title={t('sms.title')}>
      {error ? <Refused error={error} /> : data ? <Gateway key={data.version} settings={data} /> : <Loading />}
    </Page>
  )
}

function Gateway({ settings: s }: { settings: Settings }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = $api.useMutation('put', path)
  const draft = useDraft(typedSMS(s))
  const submit = async () => {
    await set.mutateAsync({ params: { header: s.version > 0 ? { 'If-Match': version(s.version) } : {} }, body: smsOf(draft.values) })
    say(t('sms.saved'))
  }
  return (
    <div className="column-of-forms">
      <p>{s.url ? <Tag tone="good">{t('sms.set')}</Tag> : <Tag tone="warn">{t('sms.unset')}</Tag>}</p>
      <p className="help">{t('sms.text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <TextInput {...draft.at('url')} type="url" label={t('sms.url')} example="https://sms.example.com/send" required />
        <SelectInput
          {...draft.at('language')}
          label={t('sms.language')}
          choices={languages.map((id) => ({ id, label: t(`sms.language.${id}`) }))}
        />
        {draft.values.language === 'own' ? (
          <OwnLanguage draft={draft} settings={s} />
        ) : (
          <TextInput
            {...draft.at('secret')}
            type="password"
            autoComplete="new-password"
            label={t('sms.secret')}
            help={s.secret_set ? t('sms.secret_set') : t('sms.secret_help')}
          />
        )}
      </FormFrame>
      <TrySMS typed={draft.values} />
    </div>
  )
}

/** How a gateway wants to be asked, and by what it says that it went well. */
function OwnLanguage({ draft, settings: s }: { draft: Draft<TypedSMS>; settings: Settings }) {
  const { t } = useTranslation()
  const set = s.http?.headers ?? []
  const body = draft.values['http.method'] !== 'GET'
  return (
    <>
      <p className="help">{t('sms.holes')}</p>
      <SelectInput {...draft.at('http.method')} label={t('sms.method')} choices={methods.map((id) => ({ id, label: id }))} />
      {body ? (
        <>
          <SelectInput
            {...draft.at('http.encoding')}
            label={t('sms.encoding')}
            choices={encodings.map((id) => ({ id, label: t(`sms.encoding.${id}`) }))}
          />
          <TextInput {...draft.at('http.body')} label={t('sms.body')} rows={4} code />
        </>
      ) : null}
      <TextInput
        {...draft.at('http.headers')}
        label={t('sms.headers')}
        help={set.length > 0 ? t('sms.headers_set', { names: set.join(', ') }) : t('sms.headers_help')}
        rows={3}
        code
      />
      <TextInput {...draft.at('http.statuses')} label={t('sms.statuses')} help={t('sms.statuses_help')} example="200, 202" />
      <TextInput {...draft.at('http.path')} label={t('sms.path')} help={t('sms.path_help')} example="result.code" code />
      {draft.values['http.path'] ? <TextInput {...draft.at('http.value')} label={t('sms.value')} example="0" code /> : null}
    </>
  )
}

/** Sends a short message by what was typed, before anything is saved. */
function TrySMS({ typed }: { typed: TypedSMS }) {
  const { t } = useTranslation()
  const test = $api.useMutation('post', `${path}/test`)
  const [tried, setTried] = useState<Schemas['Tried'] | null>(null)
  const draft = useDraft({ to: '' })
  const submit = async () => {
    setTried(null)
    setTried(await test.mutateAsync({ body: { ...smsOf(typed), ...draft.values } }))
  }
  return (
    <Section title={t('sms.try')}>
      <p className="help">{t('mail.try_help')}</p>
      <FormFrame dirty={false} submit={submit} verb={t('sms.send')}>
        <TextInput {...draft.at('to')} type="tel" label={t('sms.to')} example="+8613800000001" required />
      </FormFrame>
      <Outcome tried={tried} />
    </Section>
  )
}
