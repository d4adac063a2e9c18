import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { TextInput } from '../../ui/fields'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { dayEnd, dayStart } from '../logs/days'
import { useKindName } from '../texts/texts'

type Message = Schemas['Message']

const channels = ['mail', 'sms'] as const
const states = ['queued', 'sent', 'failed'] as const
const tones = { queued: 'warn', sent: 'good', failed: 'bad' } as const

/** Where mails and short messages are. What they say is not kept. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useScope()
  const { id } = useParams()
  const view = useView()
  const name = useKindName()
  const { data, error } = $api.useQuery('get', '/api/v1/messages', {
    params: {
      query: {
        channel: channels.find((c) => c === view.get('channel')),
        state: states.find((s) => s === view.get('state')),
        from: dayStart(view.get('from')),
        to: dayEnd(view.get('to')),
        cursor: view.query('cursor'),
      },
    },
  })
  const open = data?.items.find((m) => m.id === id)
  const columns: ColumnOf<Message>[] = [
    { id: 'to', title: t('messages.to'), cell: (m) => m.to },
    { id: 'kind', title: t('texts.kind'), cell: (m) => name(m.template) },
    { id: 'channel', title: t('texts.channel'), cell: (m) => t(`texts.channel.${m.channel}`) },
    { id: 'state', title: t('messages.state'), cell: (m) => <State message={m} /> },
    { id: 'created', title: t('messages.created'), cell: (m) => <Moment at={m.created_at} /> },
    { id: 'reason', title: t('messages.reason'), cell: (m) => <span className="wrap">{m.reason}</span> },
  ]
  return (
    <Page
      title={t('messages.title')}
      tools={
        <>
          <Filter
            label={t('messages.state')}
            value={view.get('state')}
            onChange={(v) => view.set('state', v)}
            choices={states.map((s) => ({ id: s, label: t(`messages.state.${s}`) }))}
          />
          <Filter
            label={t('texts.channel')}
            value={view.get('channel')}
            onChange={(v) => view.set('channel', v)}
            choices={channels.map((c) => ({ id: c, label: t(`texts.channel.${c}`) }))}
          />
          <TextInput name="from" type="date" label={t('logs.from')} value={view.get('from')} onChange={(v) => view.set('from', v)} />
          <TextInput name="to" type="date" label={t('logs.to')} value={view.get('to')} onChange={(v) => view.set('to', v)} />
        </>
      }
      panel={open ? <About key={id} message={open} back={at('messages') + view.search} /> : null}
    >
      <DataTable<Message>
        id="messages"
        label={t('messages.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(m) => m.id}
        href={(m) => at(`messages/${m.id}`) + view.search}
        open={id}
        empty={<Empty title={t('messages.none')}>{t('messages.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function State({ message: m }: { message: Message }) {
  const { t } = useTranslation()
  return <Tag tone={tones[m.state]}>{t(`messages.state.${m.state}`)}</Tag>
}

function About({ message: m, back }: { message: Message; back: string }) {
  const { t } = useTranslation()
  const name = useKindName()
  return (
    <Panel title={m.to} back={back} about={<State message={m} />}>
      <Facts
        rows={[
          [t('texts.kind'), name(m.template)],
          [t('texts.channel'), t(`texts.channel.${m.channel}`)],
          [t('messages.created'), <Moment key="c" at={m.created_at} />],
          [t('messages.ended'), m.ended_at ? <Moment key="e" at={m.ended_at} /> : ''],
          [t('messages.next'), m.next_at ? <Moment key="n" at={m.next_at} /> : ''],
          [t('messages.attempts'), m.attempts > 0 ? String(m.attempts) : ''],
          [t('messages.reason'), m.reason],
        ]}
      />
      <p className="help">{t('messages.text')}</p>
    </Panel>
  )
}
