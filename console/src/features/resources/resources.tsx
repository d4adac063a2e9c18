import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useOrg } from '../../app/organization'
import { useMe } from '../../app/session'
import { ButtonLink } from '../../ui/button'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { TabsAt } from '../../ui/tabs'
import { QuotaRequests } from '../organization/limits'
import { GrantResource } from './grant'
import { Granted, GrantedTools } from './granted'
import { ResourcePanel } from './panel'
import { Records } from './records'
import { Totals } from './totals'

/** What the organisation was given, what of it is used, and what was done to it. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useOrg()
  const me = useMe()
  const view = useView()
  const { id: tab = 'use', part } = useParams()
  const search = tab === 'granted' ? view.search : ''
  const back = at('resources/granted') + search
  const open = tab === 'granted' && part !== undefined
  return (
    <Page
      title={t('resources.title')}
      action={
        me.kind === 'provider' ? (
          <ButtonLink look="first" href={at('resources/granted/new') + search}>
            {t('resources.grant')}
          </ButtonLink>
        ) : undefined
      }
      panel={open ? part === 'new' ? <GrantResource back={back} /> : <ResourcePanel key={part} id={part} back={back} /> : null}
    >
      <TabsAt
        label={t('resources.title')}
        part={tab}
        to={(next) => at(`resources${next === 'use' ? '' : `/${next}`}`)}
        tabs={[
          { id: 'use', title: t('resources.use'), view: () => <Totals /> },
          {
            id: 'granted',
            title: t('resources.granted'),
            view: () => (
              <>
                <GrantedTools />
                <Granted open={part} />
              </>
            ),
          },
          { id: 'records', title: t('resources.records'), view: () => <Records /> },
          {
            id: 'requests',
            title: t('resources.requests'),
            view: () => (
              <div className="narrow">
                <QuotaRequests />
              </div>
            ),
          },
        ]}
      />
    </Page>
  )
}
