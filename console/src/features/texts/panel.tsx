import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useScope } from '../../app/scope'
import { ActionButton } from '../../ui/action'
import { ConfirmButton, Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { lacking } from './kinds'
import { languageName, type MessageText, useKindName } from './texts'

type Words = Schemas['MessageWords']

/** Where a text is kept: that of an organisation, or that of the installation. */
function useCalls() {
  const { org, path } = useScope()
  return {
    org,
    one: path('/api/v1/organizations/{org}/message-texts/{kind}/{language}', '/api/v1/message-texts/{kind}/{language}'),
    preview: path('/api/v1/organizations/{org}/message-texts/{kind}/{language}/preview', '/api/v1/message-texts/{kind}/{language}/preview'),
    test: path('/api/v1/organizations/{org}/message-texts/{kind}/{language}/test', '/api/v1/message-texts/{kind}/{language}/test'),
  }
}

/** One kind of message in one language: its words, how it looks with samples in it, and a sample to oneself. */
export function TextPanel({ kind, language, back }: { kind: string; language: string; back: string }) {
  const { org, one } = useCalls()
  const name = useKindName()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, kind, language } } })
  if (!data) return <PanelWaiting title={name(kind)} back={back} error={error} />
  return (
    <Panel title={name(kind)} back={back} about={<Tag tone={data.version > 0 ? 'good' : 'plain'}>{languageName(language)}</Tag>}>
      <Wording key={data.version} text={data} />
    </Panel>
  )
}

function Wording({ text }: { text: MessageText }) {
  const { t } = useTranslation()
  const { org, one } = useCalls()
  const say = useSay()
  const name = useKindName()
  const set = $api.useMutation('put', one)
  const remove = $api.useMutation('delete', one)
  // Who words a message begins with what is told now.
  const draft = useDraft<Words>(text.in_force)
  const at = { path: { org, kind: text.kind, language: text.language } }
  const header = text.version > 0 ? { 'If-Match': version(text.version) } : {}
  const submit = async () => {
    await set.mutateAsync({ params: { ...at, header }, body: draft.values })
    say(t('texts.saved', { kind: name(text.kind) }))
  }
  const missing = [...new Set([...lacking(draft.values.body, text.placeholders), ...lacking(draft.values.sms, text.placeholders)])]
  return (
    <>
      <FormFrame
        dirty={draft.dirty}
        submit={submit}
        verb={t('common.save')}
        more={
          text.version > 0 ? (
            <ConfirmButton
              verb={t('texts.reset')}
              title={t('texts.reset_title', { kind: name(text.kind) })}
              act={async () => {
                await remove.mutateAsync({ params: { ...at, header } })
                say(t('texts.was_reset', { kind: name(text.kind) }))
              }}
            >
              <p>{t('texts.reset_text', { subject: text.fallback.subject })}</p>
            </ConfirmButton>
          ) : null
        }
      >
        <TextInput {...draft.at('subject')} label={t('texts.subject')} maxLength={200} />
        <TextInput {...draft.at('body')} label={t('texts.body')} rows={10} maxLength={10_000} />
        <TextInput
          {...draft.at('sms')}
          label={t('texts.sms')}
          rows={3}
          maxLength={500}
          help={t('texts.sms_parts', { count: text.sms_parts })}
        />
        {missing.length > 0 ? (
          <p className="note" role="status">
            {t('texts.lacking', { names: missing.join(' ') })}
          </p>
        ) : null}
      </FormFrame>
      <Section title={t('texts.placeholders')}>
        <Facts
          rows={text.placeholders.map((p) => [
            `{${p.name}}`,
            p.required ? t('texts.placeholder_required', { sample: p.sample }) : p.sample,
          ])}
        />
      </Section>
      <Preview at={at} words={draft.values} />
      <TryIt at={at} words={draft.values} />
    </>
  )
}

interface Unsaved {
  at: { path: { org: string; kind: string; language: string } }
  words: Words
}

/** The words with sample values in them, unsaved as they are. */
function Preview({ at, words }: Unsaved) {
  const { t } = useTranslation()
  const preview = $api.useMutation('post', useCalls().preview)
  const shown = preview.data
  return (
    <Section
      title={t('texts.preview')}
      actions={<ActionButton label={t('texts.show_preview')} act={() => preview.mutateAsync({ params: at, body: words })} />}
    >
      {shown ? (
        <div className="note">
          <strong>{shown.subject}</strong>
          <p className="as-written">{shown.body}</p>
          {shown.sms ? (
            <p className="help">
              {shown.sms} · {t('texts.sms_parts', { count: shown.sms_parts })}
            </p>
          ) : null}
        </div>
      ) : (
        <p className="help">{t('texts.preview_help')}</p>
      )}
    </Section>
  )
}

const channels = ['mail', 'sms'] as const

/** Sends the words to oneself before others get them. */
function TryIt({ at, words }: Unsaved) {
  const { t } = useTranslation()
  const test = $api.useMutation('post', useCalls().test)
  const [tried, setTried] = useState<Schemas['Tried'] | null>(null)
  const draft = useDraft({ channel: 'mail' as (typeof channels)[number], to: '' })
  const submit = async () => setTried(await test.mutateAsync({ params: at, body: { ...words, ...draft.values } }))
  return (
    <Section title={t('texts.try')}>
      <FormFrame dirty={false} submit={submit} verb={t('texts.send')}>
        <SelectInput
          {...draft.at('channel')}
          onChange={(channel) => draft.set('channel', channel as (typeof channels)[number])}
          label={t('texts.channel')}
          choices={channels.map((id) => ({ id, label: t(`texts.channel.${id}`) }))}
        />
        <TextInput {...draft.at('to')} label={t('texts.to')} required />
      </FormFrame>
      {tried ? (
        <p className={tried.sent ? 'note' : 'alert'} role="status">
          {tried.sent ? t('texts.was_sent') : t('texts.not_sent')} {tried.answer}
        </p>
      ) : null}
    </Section>
  )
}
