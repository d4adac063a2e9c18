import { Link, Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { useMe } from '../../app/session'
import { ConfirmButton } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { Facts, Loading, Moment, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { AttributeFields, useAttributes } from '../attributes/fields'
import { useDepartments } from '../departments/tree'
import { useRoomsOf } from '../rooms/held'
import { MemberDevices } from './devices'
import { type Member, MemberStatus } from './members'

/** One member: what is known of them, and what can be done. */
export function MemberPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const { part = 'about' } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/members/{member}', { params: { path: { org, member: id } } })
  if (error)
    return (
      <Panel title={t('members.one')} back={back}>
        <Refused error={error} />
      </Panel>
    )
  if (!data)
    return (
      <Panel title={t('members.one')} back={back}>
        <Loading />
      </Panel>
    )
  return (
    <Panel title={data.name} back={back} about={<MemberStatus member={data} />}>
      <Tabs
        selectedKey={part}
        onSelectionChange={(key) =>
          void navigate(at(`members/${id}${key === 'about' ? '' : `/${key}`}`) + location.search, { replace: true })
        }
      >
        <TabList className="tabs" aria-label={data.name}>
          <Tab id="about">{t('members.about')}</Tab>
          <Tab id="edit">{t('members.edit')}</Tab>
          <Tab id="devices">{t('members.devices')}</Tab>
        </TabList>
        <TabPanel id="about">
          <About member={data} />
          <Actions member={data} back={back} />
        </TabPanel>
        <TabPanel id="edit">
          <EditMember key={data.version} member={data} />
        </TabPanel>
        <TabPanel id="devices">
          <MemberDevices member={data} />
        </TabPanel>
      </Tabs>
    </Panel>
  )
}

function About({ member: m }: { member: Member }) {
  const { t } = useTranslation()
  const departments = useDepartments()
  const attributes = useAttributes()
  const { at } = useOrg()
  const me = useMe()
  // Who administers departments alone is not shown what is lent to whom.
  const rooms = useRoomsOf({ member: m.id }, me.role !== 'department_administrator')
  return (
    <Facts
      rows={[
        [t('members.account'), m.account],
        [t('members.mobile'), m.mobile],
        [t('members.email'), m.email],
        [t('members.department'), departments.name(m.department)],
        [t('members.position'), m.title],
        [t('members.role'), t(`members.role.${m.role}`)],
        [t('members.kind'), t(`members.kind.${m.kind}`)],
        [t('members.third_account'), m.third_account],
        ...attributes.map((a) => [a.label, (m.attributes as Record<string, string>)[a.key] ?? ''] as const),
        [t('members.activated'), <Moment key="a" at={m.activated_at} />],
        [t('members.expires'), m.expires_at ? <Moment key="e" at={m.expires_at} /> : ''],
        [
          t('rooms.title'),
          rooms > 0 ? (
            <Link key="r" href={`${at('rooms')}?member=${m.id}`}>
              {t('rooms.so_many', { count: rooms })}
            </Link>
          ) : (
            ''
          ),
        ],
        [t('members.created'), <Moment key="c" at={m.created_at} />],
      ]}
    />
  )
}

/** What can be done with one member. What may not be done is refused by the server, which says why. */
function Actions({ member: m, back }: { member: Member; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const path = { params: { path: { org, member: m.id } } }
  const suspend = $api.useMutation('post', '/api/v1/organizations/{org}/members/{member}/suspend')
  const resume = $api.useMutation('post', '/api/v1/organizations/{org}/members/{member}/resume')
  const reset = $api.useMutation('post', '/api/v1/organizations/{org}/members/{member}/reset-password')
  const remove = $api.useMutation('delete', '/api/v1/organizations/{org}/members/{member}')
  return (
    <div className="actions">
      {m.kind === 'member' ? (
        <ConfirmButton
          look="second"
          verb={t('members.reset_password')}
          title={t('members.reset_title', { name: m.name })}
          act={async () => {
            await reset.mutateAsync(path)
            say(t('members.reset_done', { name: m.name }))
          }}
        >
          <p>{t('members.reset_text')}</p>
        </ConfirmButton>
      ) : null}
      {m.status === 'disabled' ? (
        <ConfirmButton
          look="second"
          verb={t('members.resume')}
          title={t('members.resume_title', { name: m.name })}
          act={() => resume.mutateAsync(path)}
        >
          <p>{t('members.resume_text')}</p>
        </ConfirmButton>
      ) : (
        <ConfirmButton
          verb={t('members.suspend')}
          title={t('members.suspend_title', { name: m.name })}
          act={() => suspend.mutateAsync(path)}
        >
          <p>{t('members.suspend_text')}</p>
        </ConfirmButton>
      )}
      {m.status === 'disabled' || m.status === 'inactive' ? (
        <ConfirmButton
          verb={t('members.remove')}
          title={t('members.remove_title', { name: m.name })}
          typed={m.name}
          act={async () => {
            await remove.mutateAsync(path)
            say(t('members.removed', { name: m.name }))
            void navigate(back)
          }}
        >
          <p>{t('members.remove_text')}</p>
        </ConfirmButton>
      ) : null}
    </div>
  )
}

function EditMember({ member: m }: { member: Member }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const departments = useDepartments()
  const attributes = useAttributes()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/members/{member}')
  const draft = useDraft({
    name: m.name,
    english_name: m.english_name,
    mobile: m.mobile,
    email: m.email,
    department: m.department,
    title: m.title,
    third_account: m.third_account,
    description: m.description,
    attributes: m.attributes as Record<string, string>,
  })
  const submit = async () => {
    await change.mutateAsync({ params: { path: { org, member: m.id }, header: { 'If-Match': version(m.version) } }, body: draft.changed() })
    say(t('members.changed', { name: draft.values.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <TextInput {...draft.at('name')} label={t('members.name')} required maxLength={64} />
      <TextInput {...draft.at('english_name')} label={t('members.english_name')} />
      <TextInput {...draft.at('mobile')} label={t('members.mobile')} type="tel" help={t('members.mobile_help')} />
      <TextInput {...draft.at('email')} label={t('members.email')} type="email" />
      <SelectInput
        {...draft.at('department')}
        label={t('members.department')}
        choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
      />
      <TextInput {...draft.at('title')} label={t('members.position')} />
      <TextInput {...draft.at('third_account')} label={t('members.third_account')} help={t('members.third_account_help')} />
      <TextInput {...draft.at('description')} label={t('members.description')} rows={3} />
      <AttributeFields attributes={attributes} values={draft.values.attributes} onChange={(next) => draft.set('attributes', next)} />
    </FormFrame>
  )
}
