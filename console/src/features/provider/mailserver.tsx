import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Loading, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { mailOf, protections, typedMail } from './mail'
import { Outcome } from './outcome'

type Settings = Schemas['MailSettings']

const path = '/api/v1/settings/mail'

/** Through which server mails leave. */
export function Component() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', path)
  return (
    <Page title={t('mail.title')}>
      {error ? <Refused error={error} /> : data ? <Mail key={data.version} settings={data} /> : <Loading />}
    </Page>
  )
}

function Mail({ settings: s }: { settings: Settings }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = $api.useMutation('put', path)
  const draft = useDraft(typedMail(s))
  const submit = async () => {
    await set.mutateAsync({ params: { header: s.version > 0 ? { 'If-Match': version(s.version) } : {} }, body: mailOf(draft.values) })
    say(t('mail.saved'))
  }
  return (
    <div className="column-of-forms">
      <p>{s.host ? <Tag tone="good">{t('mail.set', { host: s.host })}</Tag> : <Tag tone="warn">{t('mail.unset')}</Tag>}</p>
      <p className="help">{t('mail.text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <TextInput {...draft.at('host')} label={t('mail.host')} example="smtp.example.com" required />
        <SelectInput
          {...draft.at('tls')}
          label={t('mail.tls')}
          help={t('mail.tls_help')}
          choices={protections.map((id) => ({ id, label: t(`mail.tls.${id}`) }))}
        />
        <TextInput {...draft.at('port')} type="number" label={t('mail.port')} help={t('mail.port_help')} required />
        <TextInput {...draft.at('username')} label={t('mail.username')} help={t('mail.username_help')} />
        <TextInput
          {...draft.at('password')}
          type="password"
          autoComplete="new-password"
          label={t('mail.password')}
          help={s.password_set ? t('mail.password_set') : t('mail.password_none')}
          disabled={draft.values.username === ''}
        />
        <TextInput {...draft.at('from')} label={t('mail.from')} help={t('mail.from_help')} example="Acme <no-reply@example.com>" required />
      </FormFrame>
      <TryMail typed={draft.values} />
    </div>
  )
}

/** Sends a mail by what was typed, before anything is saved. */
function TryMail({ typed }: { typed: ReturnType<typeof typedMail> }) {
  const { t } = useTranslation()
  const test = $api.useMutation('post', `${path}/test`)
  const [tried, setTried] = useState<Schemas['Tried'] | null>(null)
  const draft = useDraft({ to: '' })
  const submit = async () => {
    setTried(null)
    setTried(await test.mutateAsync({ body: { ...mailOf(typed), ...draft.values } }))
  }
  return (
    <Section title={t('mail.try')}>
      <p className="help">{t('mail.try_help')}</p>
      <FormFrame dirty={false} submit={submit} verb={t('mail.send')}>
        <TextInput {...draft.at('to')} type="email" label={t('mail.to')} required />
      </FormFrame>
      <Outcome tried={tried} />
    </Section>
  )
}
