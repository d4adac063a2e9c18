import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Filter, Search, useView } from '../../ui/list'
import { Empty, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { seatsOf } from '../rooms/sorted'
import { type Kind, kinds, type Resource } from './kinds'

const states = ['live', 'expired', 'disabled'] as const

/** What a resource is called: its kind, and of rooms their size. */
export function useNameOf() {
  const { t } = useTranslation()
  return (r: Pick<Schemas['RecordResource'], 'kind' | 'package'>) => {
    const seats = seatsOf(r.package)
    const kind = t(`resources.kind.${r.kind as Kind}`)
    return seats === undefined ? kind : t('resources.rooms_for', { kind, count: seats })
  }
}

const tones = { live: 'good', expired: 'warn', disabled: 'bad' } as const

/** Whether a resource counts. */
export function ResourceState({ resource: r }: { resource: Resource }) {
  const { t } = useTranslation()
  return <Tag tone={tones[r.status]}>{t(`resources.state.${r.status}`)}</Tag>
}

export function GrantedTools() {
  const { t } = useTranslation()
  const view = useView()
  return (
    <div className="tools">
      <Search label={t('resources.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
      <KindFilter />
      <Filter
        label={t('members.status')}
        value={view.get('status')}
        onChange={(v) => view.set('status', v)}
        choices={states.map((s) => ({ id: s, label: t(`resources.state.${s}`) }))}
      />
    </div>
  )
}

/** One kind of resource alone. */
export function KindFilter() {
  const { t } = useTranslation()
  const view = useView()
  return (
    <Filter
      label={t('resources.what')}
      value={view.get('kind')}
      onChange={(v) => view.set('kind', v)}
      choices={kinds.map((k) => ({ id: k, label: t(`resources.kind.${k}`) }))}
    />
  )
}

/** What was granted, each with its end. */
export function Granted({ open }: { open?: string }) {
  const { t, i18n } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const name = useNameOf()
  const number = new Intl.NumberFormat(i18n.language)
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/resources', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        kind: view.query('kind') as Kind | undefined,
        status: view.query('status') as (typeof states)[number] | undefined,
        sort: view.query('sort') as 'created' | 'ends' | undefined,
      },
    },
  })
  const columns: ColumnOf<Resource>[] = [
    { id: 'what', title: t('resources.what'), cell: name },
    { id: 'count', title: t('resources.count'), cell: (r) => number.format(r.count), numeric: true },
    { id: 'ends', title: t('resources.ends'), sort: 'ends', cell: (r) => <Moment at={r.ends_at} /> },
    { id: 'state', title: t('members.status'), cell: (r) => <ResourceState resource={r} /> },
    { id: 'ref', title: t('resources.ref'), cell: (r) => <code>{r.ref}</code> },
    { id: 'order', title: t('resources.order'), cell: (r) => r.order, spare: true },
    { id: 'created', title: t('resources.since'), sort: 'created', cell: (r) => <Moment at={r.created_at} />, spare: true },
  ]
  const narrowed = view.get('q') || view.get('kind') || view.get('status')
  return (
    <>
      <DataTable<Resource>
        id="resources"
        label={t('resources.granted')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(r) => r.id}
        href={(r) => at(`resources/granted/${r.id}`) + view.search}
        open={open}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={
          narrowed ? (
            <Empty title={t('resources.none_found')}>{t('terminals.none_found_text')}</Empty>
          ) : (
            <Empty title={t('resources.none')}>{t('resources.none_text')}</Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}
