import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmButton } from '../../ui/dialog'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Empty, Facts, Loading, Moment, ProblemNotice, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { Pager } from '../../ui/table'
import { MemberFinder } from '../members/finder'
import { type Group, GroupFields, GroupType } from './groups'

/** One group: who is in it, and who looks after it. */
export function GroupPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const { part = 'about' } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/groups/{group}', { params: { path: { org, group: id } } })
  if (!data) return <PanelWaiting title={t('groups.one')} back={back} error={error} />
  return (
    <Panel title={data.name} back={back} about={<GroupType group={data} />}>
      <Tabs
        selectedKey={part}
        onSelectionChange={(key) =>
          void navigate(at(`groups/${id}${key === 'about' ? '' : `/${key}`}`) + location.search, { replace: true })
        }
      >
        <TabList className="tabs" aria-label={data.name}>
          <Tab id="about">{t('groups.about')}</Tab>
          <Tab id="members">{t('groups.members')}</Tab>
          <Tab id="owners">{t('groups.owners')}</Tab>
        </TabList>
        <TabPanel id="about">
          {data.type === 'security' ? <Security group={data} /> : <EditGroup key={data.version} group={data} back={back} />}
        </TabPanel>
        <TabPanel id="members">
          <GroupMembers group={data} />
        </TabPanel>
        <TabPanel id="owners">
          <GroupOwners group={data} />
        </TabPanel>
      </Tabs>
    </Panel>
  )
}

/** A group that a federation keeps is looked at, not changed. */
function Security({ group: g }: { group: Group }) {
  const { t } = useTranslation()
  return (
    <>
      <p className="note">{t('groups.security_text')}</p>
      <Facts
        rows={[
          [t('groups.description'), g.description],
          [t('groups.created'), <Moment key="m" at={g.created_at} />],
        ]}
      />
    </>
  )
}

function EditGroup({ group: g, back }: { group: Group; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/groups/{group}')
  const remove = $api.useMutation('delete', '/api/v1/organizations/{org}/groups/{group}')
  const draft = useDraft({ name: g.name, description: g.description })
  const params = { path: { org, group: g.id }, header: { 'If-Match': version(g.version) } }
  const submit = async () => {
    await change.mutateAsync({ params, body: draft.changed() })
    say(t('groups.changed', { name: draft.values.name }))
  }
  return (
    <FormFrame
      dirty={draft.dirty}
      submit={submit}
      verb={t('common.save')}
      more={
        <ConfirmButton
          verb={t('groups.remove')}
          title={t('groups.remove_title', { name: g.name })}
          act={async () => {
            await remove.mutateAsync({ params })
            say(t('groups.removed', { name: g.name }))
            void navigate(back)
          }}
        >
          <p>{t('groups.remove_text')}</p>
        </ConfirmButton>
      }
    >
      <GroupFields draft={draft} />
    </FormFrame>
  )
}

interface Person {
  id: string
  name: string
  account: string
}

/** People of a group, with the ways in and out. Of a security group there are none. */
function People({
  group,
  people,
  label,
  help,
  none,
  title,
  consequence,
  add,
  remove,
}: {
  group: Group
  people: readonly Person[]
  label: string
  help?: string
  none: string
  title: (name: string) => string
  consequence: string
  add: (member: string) => Promise<unknown>
  remove: (member: string) => Promise<unknown>
}) {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>(null)
  const find = async (member: string) => {
    setError(null)
    try {
      await add(member)
    } catch (e) {
      setError(e)
    }
  }
  const fixed = group.type === 'security'
  return (
    <>
      {fixed ? null : (
        <MemberFinder name="member" label={label} help={help} without={people.map((p) => p.id)} onFind={(m) => void find(m)} />
      )}
      <ProblemNotice error={error} />
      {people.length === 0 ? (
        <Empty title={none} />
      ) : (
        <ul className="things">
          {people.map((p) => (
            <li key={p.id}>
              <div>
                <strong>{p.name}</strong>
                <p className="help">{p.account}</p>
              </div>
              {fixed ? null : (
                <ConfirmButton look="second" verb={t('groups.take_out')} title={title(p.name)} act={() => remove(p.id)}>
                  <p>{consequence}</p>
                </ConfirmButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function GroupMembers({ group: g }: { group: Group }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const path = { org, group: g.id }
  const [cursors, setCursors] = useState<string[]>([])
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/groups/{group}/members', {
    params: { path, query: { cursor: cursors.at(-1) } },
  })
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/groups/{group}/members')
  const remove = $api.useMutation('delete', '/api/v1/organizations/{org}/groups/{group}/members/{member}')
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <>
      <People
        group={g}
        people={data.items}
        label={t('groups.add_member')}
        none={t('groups.no_members')}
        title={(name) => t('groups.take_out_title', { name, group: g.name })}
        consequence={t('groups.take_out_text')}
        add={(member) => add.mutateAsync({ params: { path }, body: { members: [member] } })}
        remove={(member) => remove.mutateAsync({ params: { path: { ...path, member } } })}
      />
      <Pager
        first={cursors.length === 0}
        next={data.next}
        onFirst={() => setCursors([])}
        onNext={(next) => setCursors([...cursors, next])}
        onBack={() => setCursors(cursors.slice(0, -1))}
      />
    </>
  )
}

function GroupOwners({ group: g }: { group: Group }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const path = { org, group: g.id }
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/groups/{group}/owners', { params: { path } })
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/groups/{group}/owners')
  const remove = $api.useMutation('delete', '/api/v1/organizations/{org}/groups/{group}/owners/{member}')
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <People
      group={g}
      people={data.items}
      label={t('groups.add_owner')}
      help={t('groups.owners_help')}
      none={t('groups.no_owners')}
      title={(name) => t('groups.owner_out_title', { name, group: g.name })}
      consequence={t('groups.owner_out_text')}
      add={(member) => add.mutateAsync({ params: { path }, body: { members: [member] } })}
      remove={(member) => remove.mutateAsync({ params: { path: { ...path, member } } })}
    />
  )
}
