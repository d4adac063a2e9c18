import { useTranslation } from 'react-i18next'
import { $api, api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Section } from '../../ui/dialog'
import { DownloadButton } from '../../ui/download'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Loading, Moment, Refused } from '../../ui/parts'
import { Bars } from './bars'

const dimensions = ['day', 'week', 'month'] as const

/** How many people come, and what they enter. */
export function Component() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const view = useView()
  const dimension = dimensions.find((d) => d === view.get('dimension')) ?? 'day'
  const params = { params: { path: { org }, query: { dimension } } }
  const people = $api.useQuery('get', '/api/v1/organizations/{org}/reports/people', params)
  const applications = $api.useQuery('get', '/api/v1/organizations/{org}/reports/applications', params)
  const periods = people.data?.items.map((p) => p.from) ?? []
  const bars = (value: (i: number) => number) => periods.map((from, i) => ({ label: from, value: value(i) }))
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
            <Bars title={t('reports.active')} bars={bars((i) => people.data?.items[i]?.active ?? 0)} />
            <Bars title={t('reports.registered')} bars={bars((i) => people.data?.items[i]?.registered ?? 0)} />
          </div>
        </>
      ) : null}
      {applications.data ? (
        <Section title={t('reports.applications')}>
          {applications.data.items.length === 0 ? <Empty title={t('reports.nothing_entered')} /> : null}
          <div className="charts">
            {applications.data.items.map((a) => (
              <Bars
                key={a.client_id}
                title={t('reports.entered', { name: a.name || a.client_id })}
                bars={a.periods.map((p) => ({ label: p.from, value: p.sign_ins }))}
              />
            ))}
          </div>
        </Section>
      ) : null}
      <div className="actions">
        <DownloadButton
          label={t('reports.export_people')}
          name="people.csv"
          read={() => api.GET('/api/v1/organizations/{org}/reports/people/export', { ...params, parseAs: 'blob' })}
        />
        <DownloadButton
          label={t('reports.export_applications')}
          name="applications.csv"
          read={() => api.GET('/api/v1/organizations/{org}/reports/applications/export', { ...params, parseAs: 'blob' })}
        />
      </div>
    </Page>
  )
}
