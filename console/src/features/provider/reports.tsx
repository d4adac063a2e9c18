import { useTranslation } from 'react-i18next'
import { $api, api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { Section } from '../../ui/dialog'
import { DownloadButton } from '../../ui/download'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Loading, Moment, Refused } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { Bars } from '../logs/bars'

type Use = Schemas['OrganizationUse']

const dimensions = ['day', 'week', 'month'] as const

/** How many people come, in all enterprises together and in each. */
export function Component() {
  const { t } = useTranslation()
  const view = useView()
  const dimension = dimensions.find((d) => d === view.get('dimension')) ?? 'day'
  const params = { params: { query: { dimension } } }
  const people = $api.useQuery('get', '/api/v1/provider/reports/people', params)
  const bars = (value: (p: Schemas['PeopleItem']) => number) => (people.data?.items ?? []).map((p) => ({ label: p.from, value: value(p) }))
  return (
    <Page
      title={t('reports.title')}
      tools={
        <Filter
          label={t('reports.by')}
          value={dimension}
          onChange={(v) => view.set('dimension', v)}
          choices={dimensions.map((d) => ({ id: d, label: t(`reports.by.${d}`) }))}
          whole
        />
      }
    >
      {people.error ? <Refused error={people.error} /> : people.data ? null : <Loading />}
      {people.data ? (
        <>
          <p className="help">
            {t('home.counted')} <Moment at={people.data.counted_until ?? undefined} /> · {people.data.time_zone}
          </p>
          <div className="charts">
            <Bars title={t('reports.active')} bars={bars((p) => p.active)} />
            <Bars title={t('reports.registered')} bars={bars((p) => p.registered)} />
          </div>
          <div className="actions">
            <DownloadButton
              label={t('reports.export_people')}
              name="people.csv"
              read={() => api.GET('/api/v1/provider/reports/people/export', { ...params, parseAs: 'blob' })}
            />
          </div>
        </>
      ) : null}
      <Enterprises dimension={dimension} />
    </Page>
  )
}

/** Who comes in the period that runs now, enterprise by enterprise. */
function Enterprises({ dimension }: { dimension: (typeof dimensions)[number] }) {
  const { t, i18n } = useTranslation()
  const { at } = useScope()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/provider/reports/organizations', {
    params: { query: { dimension, cursor: view.query('cursor') } },
  })
  const number = new Intl.NumberFormat(i18n.language)
  const rate = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  const columns: ColumnOf<Use>[] = [
    { id: 'name', title: t('enterprises.one'), cell: (u) => u.name },
    { id: 'people', title: t('home.people'), numeric: true, cell: (u) => number.format(u.people) },
    { id: 'active', title: t('reports.active'), numeric: true, cell: (u) => number.format(u.active) },
    { id: 'rate', title: t('reports.rate'), numeric: true, cell: (u) => rate.format(u.active_rate) },
    { id: 'sign_ins', title: t('reports.sign_ins'), numeric: true, cell: (u) => number.format(u.sign_ins) },
    { id: 'registered', title: t('reports.registered'), numeric: true, cell: (u) => number.format(u.registered) },
    { id: 'removed', title: t('reports.removed'), numeric: true, cell: (u) => number.format(u.removed), spare: true },
  ]
  return (
    <Section title={t(`reports.enterprises.${dimension}`)}>
      <DataTable<Use>
        id="use"
        label={t(`reports.enterprises.${dimension}`)}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(u) => u.id}
        href={(u) => at(`enterprises/${u.id}`)}
        empty={<Empty title={t('enterprises.empty')} />}
      />
      <Pager {...view.pager} next={data?.next} />
    </Section>
  )
}
