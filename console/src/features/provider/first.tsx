import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { providerHome } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { Icon } from '../../ui/icons'

/**
 * What a new installation needs, in its order, each step ticked off by what there is: the address that it is reached by,
 * an enterprise, and the first that signs somebody in there. With a second enterprise nobody needs to be led any more.
 */
export function FirstSteps({ organizations }: { organizations: number | undefined }) {
  const { t } = useTranslation()
  const address = $api.useQuery('get', '/api/v1/version').data?.base_url
  const first = $api.useQuery(
    'get',
    '/api/v1/organizations',
    { params: { query: { limit: 1 } } },
    { enabled: organizations !== undefined && organizations > 0 },
  ).data?.items[0]
  const entered = useEntrances(first?.code)
  if (organizations === undefined || !address || (organizations > 0 && entered === undefined)) return null
  const here = address === location.origin
  if (organizations > 1 || (first && entered && here))
    return (
      <section className="card next">
        <h2>{t('home.next')}</h2>
        <div className="actions">
          <ButtonLink href={`${providerHome}/enterprises/new`}>{t('enterprises.add')}</ButtonLink>
        </div>
      </section>
    )
  const at = (path: string) => `/${first?.code}/${path}`
  return (
    <section className="card next" aria-labelledby="first-steps">
      <h2 id="first-steps">{t('first.title')}</h2>
      <ol className="timeline">
        <Step done title={t('first.administrator')} />
        <Step done={here} title={t('first.address', { address })}>
          {here ? null : <p className="note">{t('first.elsewhere', { here: location.origin })}</p>}
        </Step>
        <Step done={organizations > 0} title={first ? t('first.enterprise_done', { name: first.name }) : t('first.enterprise')}>
          {first ? null : (
            <div className="actions">
              <ButtonLink look="first" href={`${providerHome}/enterprises/new`}>
                {t('enterprises.add')}
              </ButtonLink>
            </div>
          )}
        </Step>
        <Step done={entered === true} title={t('first.entrance')}>
          {first && !entered ? (
            <div className="actions">
              <ButtonLink href={at('applications/new')}>{t('first.application')}</ButtonLink>
              <ButtonLink href={at('app-ids/new')}>{t('first.app_id')}</ButtonLink>
              <ButtonLink href={at('sso')}>{t('first.sso')}</ButtonLink>
            </div>
          ) : null}
        </Step>
      </ol>
    </section>
  )
}

/** Whether an enterprise has anything that somebody signs in to or through; undefined while nobody knows. */
function useEntrances(org = ''): boolean | undefined {
  const params = { params: { path: { org }, query: { limit: 1 } } }
  const known = { enabled: org !== '' }
  const applications = $api.useQuery('get', '/api/v1/organizations/{org}/applications', params, known).data
  const appIDs = $api.useQuery('get', '/api/v1/organizations/{org}/app-ids', params, known).data
  const sources = $api.useQuery('get', '/api/v1/organizations/{org}/sources', { params: { path: { org } } }, known).data
  if (!applications || !appIDs || !sources) return undefined
  return [applications, appIDs, sources].some((found) => found.items.length > 0)
}

function Step({ done, title, children }: { done: boolean; title: string; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <li className={done ? 'passed' : 'open'}>
      <span className="sign">
        {done ? <Icon name="check" /> : null}
        <span className="unseen">{done ? t('first.done') : t('first.open')}</span>
      </span>
      <div>
        <p>{title}</p>
        {children}
      </div>
    </li>
  )
}
