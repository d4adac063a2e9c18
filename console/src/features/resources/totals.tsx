import { Label, Meter } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useScope } from '../../app/scope'
import { useMe } from '../../app/session'
import { ButtonLink } from '../../ui/button'
import { Section } from '../../ui/dialog'
import { Empty, Facts, Loading, Refused } from '../../ui/parts'
import { DataTable } from '../../ui/table'
import { Size } from '../rooms/size'
import { seatsOf } from '../rooms/sorted'
import { fullness, type Kind, sortedTotals, type Total, withMembers } from './kinds'

/** What there is, what of it is used, and what is left: in an organisation, or in all together. */
export function Totals() {
  const { t } = useTranslation()
  const { organization, org, at, path } = useScope()
  const me = useMe()
  const { data, error } = $api.useQuery('get', path('/api/v1/organizations/{org}/resource-totals', '/api/v1/provider/resource-totals'), {
    params: { path: { org } },
  })
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  const { metered, granted, free } = sortedTotals(withMembers(data.kinds, organization?.limits.members ?? 0))
  if (metered.length + granted.length === 0)
    return (
      <>
        <Empty
          title={t('resources.none')}
          action={
            org && me.kind === 'provider' ? (
              <ButtonLink look="first" href={at('resources/granted/new')}>
                {t('resources.grant')}
              </ButtonLink>
            ) : null
          }
        >
          {org ? t('resources.none_text') : t('resources.none_anywhere')}
        </Empty>
        <Free totals={free} />
      </>
    )
  return (
    <>
      <div className="meters">
        {metered.map((total) => (
          <Metered key={total.kind} total={total} />
        ))}
        {granted.map((total) => (
          <section key={total.kind} className="card">
            <h2>{t(`resources.kind.${total.kind as Kind}`)}</h2>
            <p>{t('resources.have', { count: total.granted })}</p>
            <Ending total={total} />
            <p className="help">{t('resources.untold')}</p>
          </section>
        ))}
      </div>
      {data.packages.length > 0 ? (
        <Section title={t('resources.by_size')}>
          <DataTable<(typeof data.packages)[number]>
            id="rooms-by-size"
            label={t('resources.by_size')}
            items={[...data.packages].sort((a, b) => (seatsOf(a.package) ?? 0) - (seatsOf(b.package) ?? 0))}
            keyOf={(p) => p.package}
            href={(p) => `${at('rooms')}?package=${p.package}`}
            empty={null}
            columns={[
              { id: 'size', title: t('rooms.size'), cell: (p) => <Size size={p.package} /> },
              { id: 'all', title: t('resources.all'), cell: (p) => p.all, numeric: true },
              { id: 'lent', title: t('resources.lent'), cell: (p) => p.lent, numeric: true },
              { id: 'left', title: t('resources.left'), cell: (p) => p.all - p.lent, numeric: true },
            ]}
          />
        </Section>
      ) : null}
      <Free totals={free} />
    </>
  )
}

/** One kind: so many of so many. */
function Metered({ total }: { total: Total }) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const { granted, used } = total
  const text = t('resources.of', { used: number.format(used), granted: number.format(granted) })
  return (
    <section className="card">
      <Meter className={`meter ${fullness(total)}`} value={Math.min(used, granted)} maxValue={Math.max(granted, 1)} valueLabel={text}>
        {({ percentage }) => (
          <>
            <Label>{t(`resources.kind.${total.kind as Kind}`)}</Label>
            <span className="meter-text">{text}</span>
            <span className="meter-track">
              <span style={{ width: `${granted === 0 ? 100 : percentage}%` }} />
            </span>
          </>
        )}
      </Meter>
      {used > granted ? (
        <p>{t('resources.over', { count: used - granted })}</p>
      ) : (
        <p className="help">{t('resources.left_over', { count: total.left ?? granted - used })}</p>
      )}
      <Ending total={total} />
    </section>
  )
}

/** What of it ends soon, and what ended. */
function Ending({ total }: { total: Total }) {
  const { t } = useTranslation()
  return (
    <>
      {total.expiring > 0 ? <p className="ending">{t('resources.expiring', { count: total.expiring })}</p> : null}
      {total.expired > 0 ? <p className="help">{t('resources.expired', { count: total.expired })}</p> : null}
    </>
  )
}

/** What is used although nobody set a limit to it. */
function Free({ totals }: { totals: readonly Total[] }) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  if (totals.length === 0) return null
  return (
    <Section title={t('resources.free')}>
      <p className="help">{t('resources.free_text')}</p>
      <Facts rows={totals.map((total) => [t(`resources.kind.${total.kind as Kind}`), number.format(total.used)])} />
    </Section>
  )
}
