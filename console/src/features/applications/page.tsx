import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Page } from '../../ui/page'
import { Loading, Refused } from '../../ui/parts'
import { TabsAt } from '../../ui/tabs'
import { Traces } from '../logs/traces'
import { ApplicationWho } from './access'
import { ApplicationState } from './applications'
import { ApplicationClaims } from './claims'
import { Connect } from './connect'
import { ApplicationControl } from './control'
import { ApplicationGeneral } from './general'
import { ApplicationProtocol } from './protocol'
import { ApplicationSecrets } from './secrets'
import { ApplicationSync } from './sync'

/** One application, its parts by their addresses. */
export function ApplicationPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { part = 'general' } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/applications/{client_id}', {
    params: { path: { org, client_id: id } },
  })
  const back = <ButtonLink href={at('applications')}>{t('apps.all')}</ButtonLink>
  if (!data)
    return (
      <Page title={t('apps.one')} action={back}>
        {error ? <Refused error={error} /> : <Loading />}
      </Page>
    )
  const cas = data.protocol === 'cas'
  const tabs = [
    { id: 'general', title: t('apps.tab.general'), view: () => <ApplicationGeneral key={data.version} application={data} /> },
    { id: 'connect', title: t('apps.tab.connect'), view: () => <Connect application={data} /> },
    {
      id: 'protocol',
      title: t(`apps.protocol.${data.protocol}`),
      view: () => <ApplicationProtocol key={data.version} application={data} />,
    },
    { id: 'claims', title: t('apps.tab.claims'), view: () => <ApplicationClaims key={data.version} application={data} /> },
    { id: 'access', title: t('apps.tab.access'), view: () => <ApplicationWho key={data.version} application={data} /> },
    { id: 'control', title: t('apps.tab.control'), view: () => <ApplicationControl application={data} /> },
    { id: 'sync', title: t('apps.tab.sync'), view: () => <ApplicationSync application={data} /> },
    ...(cas || data.public ? [] : [{ id: 'secrets', title: t('apps.tab.secrets'), view: () => <ApplicationSecrets application={data} /> }]),
    { id: 'log', title: t('apps.tab.log'), view: () => <Traces client={data.client_id} /> },
  ]
  return (
    <Page
      title={data.name}
      action={
        <div className="actions">
          {cas ? null : (
            <a className="button second" href={`/console${at(`applications/${encodeURIComponent(id)}/try`)}`}>
              {t('try.it')}
            </a>
          )}
          {back}
        </div>
      }
      tools={<ApplicationState application={data} />}
    >
      <div className="card wide">
        <TabsAt
          label={data.name}
          part={tabs.some((tab) => tab.id === part) ? part : 'general'}
          to={(tab) => at(`applications/${encodeURIComponent(id)}${tab === 'general' ? '' : `/${tab}`}`)}
          tabs={tabs}
        />
      </div>
    </Page>
  )
}
