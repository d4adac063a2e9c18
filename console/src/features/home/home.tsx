import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useOrg, useOrganization } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Page } from '../../ui/page'
import { Moment } from '../../ui/parts'
import { FindTrace } from './trace'

/** Where an administrator begins: how things stand, and what is next. */
export function Component() {
  const { t } = useTranslation()
  const organization = useOrganization()
  const { at } = useOrg()
  return (
    <Page title={organization.name}>
      <Figures />
      <section className="card next">
        <h2>{t('home.next')}</h2>
        <div className="actions">
          <ButtonLink href={at('members/new')}>{t('members.add')}</ButtonLink>
          <ButtonLink href={at('applications/new')}>{t('home.applications')}</ButtonLink>
          <ButtonLink href={at('sources/new')}>{t('home.sources')}</ButtonLink>
        </div>
      </section>
      <FindTrace />
    </Page>
  )
}

/** How many people there are, and how many of them come. */
function Figures() {
  const { t, i18n } = useTranslation()
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/reports/people', {
    params: { path: { org }, query: { dimension: 'day', count: 1 } },
  })
  if (!data) return null
  const number = new Intl.NumberFormat(i18n.language)
  const rate = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <section className="figures" aria-label={t('home.figures')}>
      {(
        [
          [t('home.people'), number.format(data.people)],
          [t('home.activated'), number.format(data.activated)],
          [t('home.activation'), rate.format(data.activation_rate)],
          [t('home.today'), number.format(data.items[0]?.active ?? 0)],
        ] as const
      ).map(([name, value]) => (
        <div key={name} className="card figure">
          <p className="help">{name}</p>
          <p className="big">{value}</p>
        </div>
      ))}
      {data.counted_until ? (
        <p className="help">
          {t('home.counted')} <Moment at={data.counted_until} />
        </p>
      ) : null}
    </section>
  )
}
