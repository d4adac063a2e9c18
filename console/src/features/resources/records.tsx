import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { TextInput } from '../../ui/fields'
import { Filter, useView } from '../../ui/list'
import { Empty, Moment, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { dayEnd, dayStart } from '../logs/days'
import { KindFilter, useNameOf } from './granted'
import type { Kind } from './kinds'

type Record = Schemas['ResourceRecord']

const operations = ['added', 'modified', 'disabled', 'enabled', 'removed'] as const

/** What was done to the resources, and by whom: the newest first. */
export function Records() {
  const { t, i18n } = useTranslation()
  const { org } = useOrg()
  const view = useView()
  const name = useNameOf()
  const number = new Intl.NumberFormat(i18n.language)
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/resource-records', {
    params: {
      path: { org },
      query: {
        cursor: view.query('cursor'),
        kind: view.query('kind') as Kind | undefined,
        operation: view.query('operation') as (typeof operations)[number] | undefined,
        from: dayStart(view.get('from')),
        to: dayEnd(view.get('to')),
      },
    },
  })
  return (
    <>
      <div className="tools">
        <KindFilter />
        <Filter
          label={t('resources.done')}
          value={view.get('operation')}
          onChange={(v) => view.set('operation', v)}
          choices={operations.map((o) => ({ id: o, label: t(`resources.operation.${o}`) }))}
        />
        <TextInput name="from" type="date" label={t('logs.from')} value={view.get('from')} onChange={(v) => view.set('from', v)} />
        <TextInput name="to" type="date" label={t('logs.to')} value={view.get('to')} onChange={(v) => view.set('to', v)} />
      </div>
      <DataTable<Record>
        id="resource-records"
        label={t('resources.records')}
        items={data?.items}
        error={error}
        keyOf={(r) => r.id}
        empty={<Empty title={t('resources.no_records')}>{t('resources.no_records_text')}</Empty>}
        columns={[
          { id: 'what', title: t('resources.what'), cell: (r) => name(r.resource) },
          { id: 'done', title: t('resources.done'), cell: (r) => <Tag>{t(`resources.operation.${r.operation}`)}</Tag> },
          { id: 'count', title: t('resources.count'), cell: (r) => number.format(r.resource.count), numeric: true },
          { id: 'ends', title: t('resources.ends'), cell: (r) => <Moment at={r.resource.ends_at} /> },
          { id: 'by', title: t('logs.who'), cell: (r) => r.actor_name },
          { id: 'at', title: t('signins.at'), cell: (r) => <Moment at={r.at} /> },
          { id: 'ref', title: t('resources.ref'), cell: (r) => <code>{r.resource.ref}</code>, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}
