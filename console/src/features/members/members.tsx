import { useState } from 'react'
import type { Selection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { useDepartments } from '../departments/tree'
import { AddMember } from './add'
import { MemberPanel } from './panel'

export type Member = Schemas['Member']

const statuses = ['active', 'inactive', 'disabled', 'expired'] as const
const roles = ['owner', 'administrator', 'department_administrator', 'member'] as const
const kinds = ['member', 'guest'] as const

type One<T extends readonly string[]> = T[number] | undefined

/** The people of the organisation. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const [selected, setSelected] = useState<Selection>(new Set())
  const departments = useDepartments()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/members', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        department: view.query('department'),
        status: view.query('status') as One<typeof statuses>,
        role: view.query('role') as One<typeof roles>,
        kind: view.query('kind') as One<typeof kinds>,
        sort: view.get('q') ? undefined : (view.query('sort') as 'created' | 'name' | 'account' | undefined),
      },
    },
  })
  const columns: ColumnOf<Member>[] = [
    { id: 'name', title: t('members.name'), sort: 'name', cell: (m) => m.name },
    { id: 'account', title: t('members.account'), sort: 'account', cell: (m) => m.account },
    { id: 'mobile', title: t('members.mobile'), cell: (m) => m.mobile },
    { id: 'email', title: t('members.email'), cell: (m) => m.email },
    { id: 'department', title: t('members.department'), cell: (m) => departments.name(m.department) },
    { id: 'role', title: t('members.role'), cell: (m) => t(`members.role.${m.role}`) },
    { id: 'status', title: t('members.status'), cell: (m) => <MemberStatus member={m} /> },
    { id: 'position', title: t('members.position'), cell: (m) => m.title, spare: true },
    { id: 'third_account', title: t('members.third_account'), cell: (m) => m.third_account, spare: true },
    { id: 'activated', title: t('members.activated'), cell: (m) => <Moment at={m.activated_at} />, spare: true },
    { id: 'created', title: t('members.created'), sort: 'created', cell: (m) => <Moment at={m.created_at} />, spare: true },
  ]
  const back = at('members') + view.search
  return (
    <Page
      title={t('members.title')}
      action={
        <ButtonLink look="first" href={at('members/new') + view.search}>
          {t('members.add')}
        </ButtonLink>
      }
      tools={
        <>
          <Search label={t('members.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
          <Filter
            label={t('members.department')}
            value={view.get('department')}
            onChange={(v) => view.set('department', v)}
            choices={departments.list.map((d) => ({ id: d.code, label: `${'  '.repeat(d.level - 1)}${d.name}` }))}
          />
          <Filter
            label={t('members.status')}
            value={view.get('status')}
            onChange={(v) => view.set('status', v)}
            choices={statuses.map((s) => ({ id: s, label: t(`members.status.${s}`) }))}
          />
          <Filter
            label={t('members.role')}
            value={view.get('role')}
            onChange={(v) => view.set('role', v)}
            choices={roles.map((r) => ({ id: r, label: t(`members.role.${r}`) }))}
          />
          <Filter
            label={t('members.kind')}
            value={view.get('kind')}
            onChange={(v) => view.set('kind', v)}
            choices={kinds.map((k) => ({ id: k, label: t(`members.kind.${k}`) }))}
          />
        </>
      }
      panel={id === 'new' ? <AddMember back={back} /> : id ? <MemberPanel key={id} id={id} back={back} /> : null}
    >
      <ManyMembers selected={selected} members={data?.items ?? []} onDone={() => setSelected(new Set())} />
      <DataTable<Member>
        id="members"
        label={t('members.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(m) => m.id}
        href={(m) => at(`members/${m.id}`) + view.search}
        open={id}
        sort={view.get('q') ? undefined : view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        selected={selected}
        onSelect={setSelected}
        empty={<Empty title={t('members.none')}>{t('members.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

const tones = { active: 'good', inactive: 'plain', disabled: 'bad', expired: 'warn' } as const

/** In which state somebody is. */
export function MemberStatus({ member }: { member: Member }) {
  const { t } = useTranslation()
  return <Tag tone={tones[member.status]}>{t(`members.status.${member.status}`)}</Tag>
}

/** What can be done with those who are ticked. Each is asked for by itself: one who is refused does not stop the others. */
function ManyMembers({ selected, members, onDone }: { selected: Selection; members: Member[]; onDone: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const suspend = $api.useMutation('post', '/api/v1/organizations/{org}/members/{member}/suspend')
  const resume = $api.useMutation('post', '/api/v1/organizations/{org}/members/{member}/resume')
  const chosen = members.filter((m) => selected === 'all' || selected.has(m.id))
  if (chosen.length === 0) return null
  const each = async (act: (member: string) => Promise<unknown>) => {
    const done = await Promise.allSettled(chosen.map((m) => act(m.id)))
    const refused = done.find((d) => d.status === 'rejected')
    onDone()
    if (refused) throw refused.reason
    say(t('members.done', { count: chosen.length }))
  }
  const many = { path: { org, member: '' } }
  return (
    <div className="many" role="toolbar" aria-label={t('members.many')}>
      <span>{t('members.chosen', { count: chosen.length })}</span>
      <ConfirmButton
        verb={t('members.suspend')}
        title={t('members.suspend_many', { count: chosen.length })}
        act={() => each((member) => suspend.mutateAsync({ params: { path: { ...many.path, member } } }))}
      >
        <p>{t('members.suspend_text')}</p>
      </ConfirmButton>
      <ConfirmButton
        look="second"
        verb={t('members.resume')}
        title={t('members.resume_many', { count: chosen.length })}
        act={() => each((member) => resume.mutateAsync({ params: { path: { ...many.path, member } } }))}
      >
        <p>{t('members.resume_text')}</p>
      </ConfirmButton>
      <ConfirmButton
        verb={t('members.end_sessions')}
        title={t('members.end_sessions_many', { count: chosen.length })}
        act={() =>
          each((member) =>
            api.DELETE('/api/v1/organizations/{org}/members/{member}/sessions', { params: { path: { ...many.path, member } } }),
          )
        }
      >
        <p>{t('members.end_sessions_text')}</p>
      </ConfirmButton>
    </div>
  )
}
