import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { AddEnterprise } from './add'
import { EnterprisePanel } from './enterprise'

export type Enterprise = Schemas['Organization']

const states = ['active', 'frozen', 'dissolving'] as const
const sorts = ['created', 'name'] as const

/** The enterprises of the installation, for who runs it. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useScope()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations', {
    params: {
      query: {
        q: view.query('q'),
        status: states.find((s) => s === view.get('status')),
        sort: sorts.find((s) => s === view.get('sort')),
        cursor: view.query('cursor'),
      },
    },
  })
  const back = at('enterprises') + view.search
  const add = (
    <ButtonLink look="first" href={at('enterprises/new') + view.search}>
      {t('enterprises.add')}
    </ButtonLink>
  )
  const narrowed = view.get('q') !== '' || view.get('status') !== ''
  const columns: ColumnOf<Enterprise>[] = [
    { id: 'name', title: t('enterprises.name'), sort: 'name', cell: (o) => o.name },
    { id: 'code', title: t('enterprises.code'), cell: (o) => <code>{o.code}</code> },
    { id: 'domain', title: t('enterprises.domain'), cell: (o) => o.domain },
    { id: 'status', title: t('enterprises.status'), cell: (o) => <EnterpriseState enterprise={o} /> },
    { id: 'created', title: t('enterprises.created'), sort: 'created', cell: (o) => <Moment at={o.created_at} /> },
  ]
  return (
    <Page
      title={t('enterprises.title')}
      action={add}
      tools={
        <>
          <Search label={t('enterprises.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
          <Filter
            label={t('enterprises.status')}
            value={view.get('status')}
            onChange={(v) => view.set('status', v)}
            choices={states.map((s) => ({ id: s, label: t(`organization.status.${s}`) }))}
          />
        </>
      }
      panel={id === 'new' ? <AddEnterprise back={back} /> : id ? <EnterprisePanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Enterprise>
        id="enterprises"
        label={t('enterprises.title')}
        columns={columns}
        error={error}
        items={data?.items}
        keyOf={(o) => o.id}
        href={(o) => at(`enterprises/${o.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={
          narrowed ? (
            <Empty title={t('enterprises.none')}>{t('enterprises.none_text')}</Empty>
          ) : (
            <Empty title={t('enterprises.empty')} action={add}>
              {t('enterprises.empty_text')}
            </Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

const tones = { active: 'good', frozen: 'warn', dissolving: 'bad' } as const

export function EnterpriseState({ enterprise: o }: { enterprise: Enterprise }) {
  const { t } = useTranslation()
  return <Tag tone={tones[o.status]}>{t(`organization.status.${o.status}`)}</Tag>
}
