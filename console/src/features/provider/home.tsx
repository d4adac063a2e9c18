import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { providerHome } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { Page } from '../../ui/page'
import { Moment } from '../../ui/parts'
import { FindTrace } from '../home/trace'
import { FirstSteps } from './first'

/** Where who runs the installation begins: how it stands, and what is next. */
export function Component() {
  const { t } = useTranslation()
  const totals = $api.useQuery('get', '/api/v1/provider/resource-totals').data
  return (
    <Page title={t('provider.title')}>
      {totals?.organizations ? <Figures /> : null}
      <Waiting />
      <FirstSteps organizations={totals?.organizations} />
      {totals?.organizations ? <FindTrace /> : null}
    </Page>
  )
}

/** What waits for a decision; nothing where nothing does. */
function Waiting() {
  const { t } = useTranslation()
  const { data } = $api.useQuery('get', '/api/v1/provider/quota-requests', { params: { query: { state: 'pending' } } })
  if (!data || data.items.length === 0) return null
  return (
    <section className="card">
      <p>{data.next ? t('quotas.many_wait') : t('quotas.waiting', { count: data.items.length })}</p>
      <div className="actions">
        <ButtonLink look="first" href={`${providerHome}/quota-requests`}>
          {t('quotas.decide')}
        </ButtonLink>
      </div>
    </section>
  )
}

/** How many enterprises and people there are, and how many of them come. */
function Figures() {
  const { t, i18n } = useTranslation()
  const people = $api.useQuery('get', '/api/v1/provider/reports/people', { params: { query: { dimension: 'day', count: 1 } } }).data
  const totals = $api.useQuery('get', '/api/v1/provider/resource-totals').data
  if (!people || !totals) return null
  const number = new Intl.NumberFormat(i18n.language)
  const rate = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <section className="figures" aria-label={t('home.figures')}>
      {(
        [
          [t('enterprises.title'), number.format(totals.organizations)],
          [t('home.people'), number.format(people.people)],
          [t('home.activation'), rate.format(people.activation_rate)],
          [t('home.today'), number.format(people.items[0]?.active ?? 0)],
        ] as const
      ).map(([name, value]) => (
        <div key={name} className="card figure">
          <p className="help">{name}</p>
          <p className="big">{value}</p>
        </div>
      ))}
      {people.counted_until ? (
        <p className="help">
          {t('home.counted')} <Moment at={people.counted_until} />
        </p>
      ) : null}
    </section>
  )
}
