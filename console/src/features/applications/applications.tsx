import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { AddApplication } from './add'
import { ApplicationPage } from './page'

export type Application = Schemas['Application']

const protocols = ['oidc', 'oauth2', 'cas'] as const
const states = ['active', 'disabled'] as const

/** The programs that people of the organisation sign in to; one of them has the page to itself. */
export function Component() {
  const { id } = useParams()
  if (id === 'new') return <AddApplication />
  return id ? <ApplicationPage key={id} id={id} /> : <Applications />
}

function Applications() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/applications', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        protocol: view.query('protocol') as (typeof protocols)[number] | undefined,
        status: view.query('status') as (typeof states)[number] | undefined,
        sort: view.query('sort') as 'created' | 'name' | undefined,
      },
    },
  })
  const add = (
    <ButtonLink look="first" href={at('applications/new')}>
      {t('apps.add')}
    </ButtonLink>
  )
  const narrowed = Boolean(view.get('q') || view.get('protocol') || view.get('status'))
  return (
    <Page
      title={t('nav.applications')}
      action={add}
      tools={
        <>
          <Search label={t('apps.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
          <Filter
            label={t('apps.protocol')}
            value={view.get('protocol')}
            onChange={(v) => view.set('protocol', v)}
            choices={protocols.map((p) => ({ id: p, label: t(`apps.protocol.${p}`) }))}
          />
          <Filter
            label={t('apps.state')}
            value={view.get('status')}
            onChange={(v) => view.set('status', v)}
            choices={states.map((s) => ({ id: s, label: t(`apps.state.${s}`) }))}
          />
        </>
      }
    >
      <DataTable<Application>
        id="applications"
        label={t('nav.applications')}
        items={data?.items}
        error={error}
        keyOf={(a) => a.client_id}
        href={(a) => at(`applications/${encodeURIComponent(a.client_id)}`)}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={
          narrowed ? (
            <Empty title={t('apps.none_found')}>{t('apps.none_found_text')}</Empty>
          ) : (
            <Empty title={t('apps.none')} action={add}>
              {t('apps.none_text')}
            </Empty>
          )
        }
        columns={[
          { id: 'name', title: t('apps.name'), sort: 'name', cell: (a) => a.name },
          { id: 'client_id', title: t('apps.client_id'), cell: (a) => <code>{a.client_id}</code> },
          { id: 'protocol', title: t('apps.protocol'), cell: (a) => t(`apps.protocol.${a.protocol}`) },
          { id: 'access', title: t('apps.access'), cell: (a) => <WhoEnters application={a} /> },
          { id: 'state', title: t('apps.state'), cell: (a) => <ApplicationState application={a} /> },
          { id: 'home', title: t('apps.home_urls'), cell: (a) => a.home_urls[0], spare: true },
          { id: 'created', title: t('apps.created'), sort: 'created', cell: (a) => <Moment at={a.created_at} />, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

/** In which state an application is. */
export function ApplicationState({ application }: { application: Application }) {
  const { t } = useTranslation()
  return <Tag tone={application.status === 'active' ? 'good' : 'bad'}>{t(`apps.state.${application.status}`)}</Tag>
}

/** Who may enter, in short. */
function WhoEnters({ application: { access } }: { application: Application }) {
  const { t } = useTranslation()
  if (access.everyone) return t('apps.access.everyone')
  const parts = [
    access.members?.length ? t('apps.access.members', { count: access.members.length }) : '',
    access.departments?.length ? t('apps.access.departments', { count: access.departments.length }) : '',
    access.groups?.length ? t('apps.access.groups', { count: access.groups.length }) : '',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' · ') : <Tag tone="warn">{t('apps.access.nobody')}</Tag>
}
