import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { CheckInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useSay } from '../../ui/said'
import { DepartmentsInput, GroupsInput, MembersInput } from '../pick/who'
import type { Application } from './applications'

type Access = Schemas['ApplicationAccess']

/** Who may enter: everybody, or members, departments and groups. */
export function WhoInputs({ value, onChange }: { value: Access; onChange: (value: Access) => void }) {
  const { t } = useTranslation()
  const set = (part: Partial<Access>) => onChange({ ...value, ...part })
  return (
    <>
      <CheckInput
        name="access.everyone"
        label={t('apps.access.everyone')}
        help={t('apps.access.everyone_help')}
        value={value.everyone ?? false}
        onChange={(everyone) => set({ everyone })}
      />
      {value.everyone ? null : (
        <>
          <DepartmentsInput
            name="access.departments"
            label={t('apps.access.of_departments')}
            help={t('apps.access.departments_help')}
            value={value.departments ?? []}
            onChange={(departments) => set({ departments })}
          />
          <GroupsInput
            name="access.groups"
            label={t('apps.access.of_groups')}
            value={value.groups ?? []}
            onChange={(groups) => set({ groups })}
          />
          <MembersInput
            name="access.members"
            label={t('apps.access.of_members')}
            value={value.members ?? []}
            onChange={(members) => set({ members })}
          />
        </>
      )}
    </>
  )
}

/** Changes who may enter. */
export function ApplicationWho({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/applications/{client_id}')
  const draft = useDraft({ access: { everyone: false, members: [], departments: [], groups: [], ...a.access } as Access })
  const submit = async () => {
    await change.mutateAsync({
      params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } },
      body: { access: draft.values.access },
    })
    say(t('apps.changed', { name: a.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <WhoInputs value={draft.values.access} onChange={(access) => draft.set('access', access)} />
      <p className="help">{t('apps.access.stays')}</p>
    </FormFrame>
  )
}
