import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { placeOf, urgency } from './ends'

type Expiry = Schemas['Expiry']

const kinds = ['app_key', 'client_secret', 'webhook_secret', 'setup_link'] as const
const tones = { over: 'bad', week: 'bad', month: 'warn', later: 'plain' } as const

/** Keys, secrets and links that end by themselves, the next one first. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/expiries', {
    params: {
      path: { org },
      query: { cursor: view.query('cursor'), kind: view.query('kind') as Expiry['kind'] | undefined },
    },
  })
  return (
    <Page
      title={t('ends.title')}
      tools={
        <Filter
          label={t('ends.kind')}
          value={view.get('kind')}
          onChange={(v) => view.set('kind', v)}
          choices={kinds.map((id) => ({ id, label: t(`ends.kind.${id}`) }))}
        />
      }
    >
      <DataTable<Expiry>
        id="ends"
        label={t('ends.title')}
        items={data?.items}
        error={error}
        keyOf={(e) => `${e.kind} ${e.id} ${e.for} ${e.ends_at}`}
        href={(e) => at(placeOf(e))}
        empty={<Empty title={t('ends.none')}>{t('ends.none_text')}</Empty>}
        columns={[
          { id: 'name', title: t('ends.name'), cell: (e) => (e.for ? t('ends.of_for', { name: e.name, who: e.for }) : e.name) },
          { id: 'kind', title: t('ends.kind'), cell: (e) => t(`ends.kind.${e.kind}`) },
          { id: 'ends', title: t('ends.ends'), cell: (e) => <Moment at={e.ends_at} /> },
          { id: 'state', title: t('ends.state'), cell: (e) => <Urgency expiry={e} /> },
          { id: 'then', title: t('ends.then'), cell: (e) => t(`ends.then.${e.kind}`) },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function Urgency({ expiry: e }: { expiry: Expiry }) {
  const { t } = useTranslation()
  const state = urgency(e.ends_at, new Date())
  return <Tag tone={tones[state]}>{t(`ends.state.${state}`)}</Tag>
}
