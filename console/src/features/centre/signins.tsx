import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'

/** When somebody signed in and out, and from where. */
export function Component() {
  const { t } = useTranslation()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/me/events', { params: { query: { cursor: view.query('cursor') } } })
  return (
    <Page title={t('centre.sign_ins')}>
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
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}
