import { Link } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Moment } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { OwnReport } from '../logout/report'

/** When somebody signed in and out, and from where. */
export function Component() {
  const { t } = useTranslation()
  const view = useView()
  const session = view.get('session')
  const { data, error } = $api.useQuery('get', '/api/v1/me/events', { params: { query: { cursor: view.query('cursor') } } })
  return (
    <Page
      title={t('centre.sign_ins')}
      panel={
        session ? (
          <Panel key={session} title={t('logout.title')} back="/my/sign-ins">
            <OwnReport session={session} />
          </Panel>
        ) : null
      }
    >
      <DataTable<Schemas['Event']>
        id="my-sign-ins"
        label={t('centre.sign_ins')}
        items={data?.items}
        error={error}
        keyOf={(e) => e.id}
        empty={<Empty title={t('signins.none')} />}
        columns={[
          { id: 'text', title: t('signins.what'), cell: (e) => e.text },
          { id: 'at', title: t('signins.at'), cell: (e) => <Moment at={e.at} /> },
          { id: 'address', title: t('signins.address'), cell: (e) => <code>{e.address}</code> },
          {
            id: 'report',
            title: t('logout.title'),
            cell: (e) => (e.type === 'session.ended' ? <Link href={`/my/sign-ins?session=${e.target}`}>{t('logout.report')}</Link> : null),
          },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}
