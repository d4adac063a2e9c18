import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { SelectInput, TextInput } from '../../ui/fields'
import { FindInput } from '../../ui/finder'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { ManyInput } from '../../ui/pick'
import { useSay } from '../../ui/said'
import { AttributeFields, useAttributes } from '../attributes/fields'
import { useDepartments } from '../departments/tree'
import { useGroupChoices } from '../groups/use'
import type { Invitation } from './invitations'

const roles = ['member', 'department_administrator', 'administrator'] as const

/** Invites somebody by mail or short message. Whoever accepts becomes a member, as it is told here. */
export function Invite({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const departments = useDepartments()
  const groups = useGroupChoices()
  const attributes = useAttributes()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/invitations')
  const draft = useDraft({
    name: '',
    contact: '',
    department: '',
    title: '',
    role: 'member' as Invitation['role'],
    administers: [] as string[],
    groups: [] as string[],
    attributes: {} as Record<string, string>,
  })
  const v = draft.values
  const places = departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))
  const submit = async () => {
    const { administers, ...rest } = v
    const sent = await add.mutateAsync({
      params: { path: { org } },
      body: { ...filled(rest), name: v.name, contact: v.contact, ...(v.role === 'department_administrator' ? { administers } : {}) },
    })
    say(sent.known ? t('invitations.sent_known', { contact: sent.contact }) : t('invitations.sent_to', { contact: sent.contact }))
    void navigate(back)
  }
  return (
    <Panel title={t('invitations.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('invitations.send')}>
        <TextInput {...draft.at('name')} label={t('invitations.name')} required maxLength={64} />
        <TextInput
          {...draft.at('contact')}
          label={t('invitations.contact')}
          required
          example="alice@example.com"
          help={t('invitations.contact_help')}
        />
        <FindInput {...draft.at('department')} label={t('members.department')} choices={places} />
        <TextInput {...draft.at('title')} label={t('members.position')} />
        <SelectInput
          {...draft.at('role')}
          onChange={(role) => draft.set('role', role as Invitation['role'])}
          label={t('invitations.role')}
          choices={roles.map((id) => ({ id, label: t(`members.role.${id}`) }))}
        />
        {v.role === 'department_administrator' ? (
          <ManyInput {...draft.at('administers')} label={t('invitations.administers')} choices={places} />
        ) : null}
        <ManyInput {...draft.at('groups')} label={t('groups.title')} choices={groups} />
        <AttributeFields attributes={attributes} values={v.attributes} onChange={(next) => draft.set('attributes', next)} />
      </FormFrame>
    </Panel>
  )
}
