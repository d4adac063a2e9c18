import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { Section } from '../../ui/dialog'
import { DownloadButton } from '../../ui/download'
import { TextInput } from '../../ui/fields'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Moment, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { MemberReport } from '../logout/report'
import { EnterpriseInput, EnterpriseName } from '../provider/pick'
import { dayEnd, dayStart } from './days'

type Event = Schemas['Event']
const outcomes = ['succeeded', 'refused'] as const

/** What administrators did. */
export function Operations() {
  return <Log log="operations" />
}

/** Who signed in and out, and who was refused. */
export function SignIns() {
  return <Log log="sign_ins" />
}

function Log({ log }: { log: 'operations' | 'sign_ins' }) {
  const { t } = useTranslation()
  const { org, at, path: call } = useScope()
  const { id } = useParams()
  const view = useView()
  const title = t(`logs.${log}`)
  const path = log === 'operations' ? 'operations' : 'sign-ins'
  const narrowed = {
    log,
    actor: view.query('actor'),
    from: dayStart(view.get('from')),
    to: dayEnd(view.get('to')),
    // In an organisation's own log there is no other.
    ...(org ? {} : { organization: view.query('organization') }),
    outcome: log === 'sign_ins' ? (view.query('outcome') as (typeof outcomes)[number] | undefined) : undefined,
  }
  const { data, error } = $api.useQuery('get', call('/api/v1/organizations/{org}/events', '/api/v1/events'), {
    params: { path: { org }, query: { ...narrowed, cursor: view.query('cursor') } },
  })
  const open = data?.items.find((e) => e.id === id)
  return (
    <Page
      title={title}
      action={
        <DownloadButton
          label={t('logs.export')}
          name={`${path}.csv`}
          read={() =>
            api.GET(call('/api/v1/organizations/{org}/events/export', '/api/v1/events/export'), {
              params: { path: { org }, query: narrowed },
              parseAs: 'blob',
            })
          }
        />
      }
      tools={
        <>
          <Search label={t('logs.actor')} value={view.get('actor')} onChange={(v) => view.set('actor', v)} />
          {org ? null : (
            <EnterpriseInput
              name="organization"
              label={t('enterprises.one')}
              value={view.get('organization')}
              onChange={(v) => view.set('organization', v)}
            />
          )}
          <TextInput name="from" type="date" label={t('logs.from')} value={view.get('from')} onChange={(v) => view.set('from', v)} />
          <TextInput name="to" type="date" label={t('logs.to')} value={view.get('to')} onChange={(v) => view.set('to', v)} />
          {log === 'sign_ins' ? (
            <Filter
              label={t('logs.outcome')}
              value={view.get('outcome')}
              onChange={(v) => view.set('outcome', v)}
              choices={outcomes.map((o) => ({ id: o, label: t(`logs.outcome.${o}`) }))}
            />
          ) : null}
        </>
      }
      panel={open ? <About event={open} back={at(path) + view.search} /> : null}
    >
      <DataTable<Event>
        id={`events-${log}`}
        label={title}
        items={data?.items}
        error={error}
        keyOf={(e) => e.id}
        href={(e) => at(`${path}/${e.id}`) + view.search}
        open={id}
        empty={<Empty title={t('logs.none')}>{t('logs.none_text')}</Empty>}
        columns={[
          { id: 'text', title: t('signins.what'), cell: (e) => e.text },
          { id: 'actor', title: t('logs.who'), cell: (e) => e.actor_name },
          ...(org ? [] : [{ id: 'organization', title: t('enterprises.one'), cell: (e: Event) => <Whose event={e} /> }]),
          { id: 'at', title: t('signins.at'), cell: (e) => <Moment at={e.at} /> },
          { id: 'address', title: t('signins.address'), cell: (e) => <code>{e.address}</code> },
          { id: 'type', title: t('logs.type'), cell: (e) => <code>{e.type}</code>, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

/** Where it happened; nothing for what concerns the installation. */
function Whose({ event: e }: { event: Event }) {
  return e.organization_id ? <EnterpriseName id={e.organization_id} /> : null
}

function About({ event: e, back }: { event: Event; back: string }) {
  const { t } = useTranslation()
  const { org } = useScope()
  const about = (e.details ?? {}) as Record<string, unknown>
  const details = Object.entries(about)
  return (
    <Panel title={e.text} back={back} about={<Tag>{e.type}</Tag>}>
      <Facts
        rows={[
          [t('logs.who'), e.actor_name],
          [t('enterprises.one'), org || !e.organization_id ? '' : <Whose key="organization" event={e} />],
          [t('signins.at'), <Moment key="at" at={e.at} />],
          [t('signins.address'), e.address ? <code key="address">{e.address}</code> : ''],
          [t('logs.target'), e.target ? <code key="target">{e.target}</code> : ''],
          [t('logs.request'), e.request_id ? <code key="request">{e.request_id}</code> : ''],
          ...details.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
        ]}
      />
      {e.type === 'session.ended' && typeof about.member === 'string' && about.member ? (
        <Section title={t('logout.report')}>
          <MemberReport org={org || e.organization_id} member={about.member} session={e.target} />
        </Section>
      ) : null}
    </Panel>
  )
}
