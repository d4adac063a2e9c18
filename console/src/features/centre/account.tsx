import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useMe } from '../../app/session'
import { ConfirmButton, Section } from '../../ui/dialog'
import { Page } from '../../ui/page'
import { Empty, Facts, Loading, Moment, Refused } from '../../ui/parts'

/** Who somebody is here, how they prove it, and what applications may know. */
export function Component() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Page title={t('centre.account')}>
      <section className="card">
        <Facts
          rows={[
            [t('members.name'), me.name],
            [t('members.role'), me.role ? t(`members.role.${me.role as 'member'}`) : ''],
          ]}
        />
        {/* What proves somebody is changed where no script can be in between. */}
        <ul className="ways">
          <li>
            <a href="/password/change">{t('account.password')}</a>
          </li>
          <li>
            <a href="/account/factors">{t('account.factors')}</a>
          </li>
          <li>
            <a href="/account/links">{t('account.links')}</a>
          </li>
          <li>
            <a href="/account">{t('account.more')}</a>
          </li>
        </ul>
      </section>
      {me.member_id ? <Granted /> : null}
    </Page>
  )
}

/** What was granted to applications, and the end of it. */
function Granted() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', '/api/v1/me/grants')
  const revoke = $api.useMutation('delete', '/api/v1/me/grants')
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <Section title={t('account.granted')}>
      {data.items.length === 0 ? <Empty title={t('account.granted_none')} /> : null}
      <ul className="things">
        {data.items.map((g) => (
          <li key={g.id}>
            <div>
              <strong>{g.application_name}</strong>
              <p className="help">
                {g.scopes.join(' ')} · {t('account.refreshed')} <Moment at={g.refreshed_at} />
              </p>
            </div>
            <ConfirmButton
              look="second"
              verb={t('account.revoke')}
              title={t('account.revoke_title', { name: g.application_name })}
              act={() => revoke.mutateAsync({ params: { query: { application: g.application_id } } })}
            >
              <p>{t('account.revoke_text')}</p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
    </Section>
  )
}
