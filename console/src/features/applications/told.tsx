import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ActionButton } from '../../ui/action'
import { Filter, useView } from '../../ui/list'
import { Empty, Loading, Moment, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import type { Application } from './applications'

const one = '/api/v1/organizations/{org}/applications/{client_id}/sync'
const outcomes = ['pending', 'success', 'failed'] as const
const events = ['tenant', 'application', 'departments', 'department', 'people'] as const
const known = ['told', 'pending', 'refused'] as const
const tones = { pending: 'warn', success: 'good', failed: 'bad', told: 'good', refused: 'bad' } as const

/** The calls that the receiver was made, newest first. */
export function SyncRecords({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery(
    'get',
    `${one}/records`,
    {
      params: {
        path: { org, client_id: a.client_id },
        query: {
          cursor: view.query('cursor'),
          limit: 20,
          status: view.query('status') as (typeof outcomes)[number] | undefined,
          event: view.query('event') as (typeof events)[number] | undefined,
        },
      },
    },
    { refetchInterval: 10_000 },
  )
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <>
      <div className="tools">
        <Filter
          label={t('sync.outcome')}
          value={view.get('status')}
          onChange={(v) => view.set('status', v)}
          choices={outcomes.map((id) => ({ id, label: t(`sync.outcome.${id}`) }))}
        />
        <Filter
          label={t('sync.event')}
          value={view.get('event')}
          onChange={(v) => view.set('event', v)}
          choices={events.map((id) => ({ id, label: t(`sync.event.${id}`) }))}
        />
      </div>
      {data.items.length === 0 ? <Empty title={t('sync.no_records')} /> : null}
      <ul className="things">
        {data.items.map((r) => (
          <li key={r.id}>
            <div>
              <strong>{t(`sync.event.${r.event}`)}</strong> <Tag tone={tones[r.status]}>{t(`sync.outcome.${r.status}`)}</Tag>
              <p className="help">
                <Moment at={r.at} /> · {t(`sync.flag.${r.flag as 0}`)} · {t('sync.objects', { count: r.objects })} ·{' '}
                {t('webhooks.attempts', { count: r.attempts })} · {r.http_status || '—'} {r.result_code} {r.result_msg} · {r.duration_ms} ms
              </p>
              {r.failure ? <p className="error">{t(`sync.failure.${r.failure}`)}</p> : null}
              {r.remedy ? <p className="help">{r.remedy}</p> : null}
              {r.next_at ? (
                <p className="help">
                  {t('sync.next_at')} <Moment at={r.next_at} />
                </p>
              ) : null}
              <details>
                <summary>{t('sync.request')}</summary>
                <div className="snippet">
                  <pre>{r.request}</pre>
                </div>
              </details>
            </div>
            {r.status === 'success' ? null : <Retry application={a} record={r.id} />}
          </li>
        ))}
      </ul>
      <Pager {...view.pager} next={data.next} />
    </>
  )
}

/** Makes one call again now, whenever it would have been made. */
function Retry({ application: a, record }: { application: Application; record: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const retry = $api.useMutation('post', `${one}/records/{record}/retry`)
  return (
    <ActionButton
      label={t('sync.retry_record')}
      act={async () => {
        await retry.mutateAsync({ params: { path: { org, client_id: a.client_id, record } } })
        say(t('sync.retried_record'))
      }}
    />
  )
}

/** The people whom the receiver knows, or ought to. */
export function SyncPeople({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery('get', `${one}/people`, {
    params: {
      path: { org, client_id: a.client_id },
      query: { cursor: view.query('cursor'), status: view.query('status') as (typeof known)[number] | undefined },
    },
  })
  const columns: ColumnOf<Schemas['SyncPerson']>[] = [
    { id: 'name', title: t('members.name'), cell: (p) => p.name },
    { id: 'account', title: t('members.account'), cell: (p) => p.account },
    { id: 'role', title: t('members.role'), cell: (p) => t(`sync.role.${p.role}`) },
    { id: 'status', title: t('sync.knows'), cell: (p) => <Tag tone={tones[p.status]}>{t(`sync.knows.${p.status}`)}</Tag> },
    { id: 'at', title: t('sync.told_at'), cell: (p) => <Moment at={p.at} /> },
  ]
  return (
    <>
      <div className="tools">
        <Filter
          label={t('sync.knows')}
          value={view.get('status')}
          onChange={(v) => view.set('status', v)}
          choices={known.map((id) => ({ id, label: t(`sync.knows.${id}`) }))}
        />
      </div>
      <DataTable
        id="sync-people"
        label={t('sync.people')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(p) => p.member}
        href={(p) => at(`members/${p.member}`)}
        empty={<Empty title={t('sync.no_people')} />}
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}
