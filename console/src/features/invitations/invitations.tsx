import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { Invite } from './invite'
import { InvitationPanel } from './panel'

export type Invitation = Schemas['Invitation']

const states = ['open', 'accepted', 'cancelled', 'expired'] as const

/** The invitations that were sent, the newest first. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/invitations', {
    params: { path: { org }, query: { cursor: view.query('cursor'), state: view.query('state') as Invitation['state'] | undefined } },
  })
  const columns: ColumnOf<Invitation>[] = [
    { id: 'name', title: t('invitations.name'), cell: (i) => i.name },
    { id: 'contact', title: t('invitations.contact'), cell: (i) => i.contact },
    { id: 'state', title: t('invitations.state'), cell: (i) => <InvitationState invitation={i} /> },
    { id: 'role', title: t('invitations.role'), cell: (i) => t(`members.role.${i.role}`) },
    { id: 'sent', title: t('invitations.sent'), cell: (i) => <Moment at={i.sent_at} /> },
    { id: 'by', title: t('invitations.by'), cell: (i) => i.invited_by, spare: true },
  ]
  const back = at('invitations') + view.search
  return (
    <Page
      title={t('invitations.title')}
      action={
        <ButtonLink look="first" href={at('invitations/new') + view.search}>
          {t('invitations.add')}
        </ButtonLink>
      }
      tools={
        <Filter
          label={t('invitations.state')}
          value={view.get('state')}
          onChange={(v) => view.set('state', v)}
          choices={states.map((s) => ({ id: s, label: t(`invitations.state.${s}`) }))}
        />
      }
      panel={id === 'new' ? <Invite back={back} /> : id ? <InvitationPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Invitation>
        id="invitations"
        label={t('invitations.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(i) => i.id}
        href={(i) => at(`invitations/${i.id}`) + view.search}
        open={id}
        empty={<Empty title={t('invitations.none')}>{t('invitations.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

const tones = { open: 'warn', accepted: 'good', cancelled: 'plain', expired: 'bad' } as const

/** What became of an invitation. */
export function InvitationState({ invitation: i }: { invitation: Invitation }) {
  const { t } = useTranslation()
  return <Tag tone={tones[i.state]}>{t(`invitations.state.${i.state}`)}</Tag>
}
