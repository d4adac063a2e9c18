import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'

type Organization = Schemas['Organization']

/** The organisations of the installation, for who runs it. */
export function Enterprises() {
  const { t } = useTranslation()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations', {
    params: { query: { q: view.query('q'), cursor: view.query('cursor') } },
  })
  return (
    <Page
      title={t('enterprises.title')}
      tools={<Search label={t('enterprises.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />}
    >
      <DataTable<Organization>
        id="enterprises"
        label={t('enterprises.title')}
        error={error}
        items={data?.items}
        keyOf={(o) => o.id}
        href={(o) => `/${o.code}`}
        empty={<Empty title={t('enterprises.none')} />}
        columns={[
          { id: 'name', title: t('enterprises.name'), cell: (o) => o.name },
          { id: 'code', title: t('enterprises.code'), cell: (o) => <code>{o.code}</code> },
          { id: 'domain', title: t('enterprises.domain'), cell: (o) => o.domain },
          {
            id: 'status',
            title: t('enterprises.status'),
            cell: (o) => <Tag tone={o.status === 'active' ? 'good' : 'warn'}>{t(`organization.status.${o.status}`)}</Tag>,
          },
          { id: 'created', title: t('enterprises.created'), cell: (o) => <Moment at={o.created_at} /> },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}
