import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { TextInput } from '../../ui/fields'
import { FindInput } from '../../ui/finder'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Panel } from '../../ui/panel'
import { useSay } from '../../ui/said'
import { DepartmentFields } from './fields'
import { sent, type Typed } from './sent'
import { useDepartments } from './tree'

/** Makes a department, below the one that the address names. */
export function AddDepartment({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const departments = useDepartments()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/departments')
  const draft = useDraft<Typed & { code: string; parent: string }>({
    name: '',
    code: '',
    parent: useView().get('parent'),
    note: '',
    sort_level: '',
    sees: 'all',
    designated: [],
    open: false,
  })
  const submit = async () => {
    const { code, parent, ...rest } = draft.values
    const made = await add.mutateAsync({
      params: { path: { org } },
      body: { ...filled({ ...sent(rest, rest.sees), code, parent }), name: rest.name },
    })
    say(t('departments.added', { name: made.name }))
    void navigate(back)
  }
  return (
    <Panel title={t('departments.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('departments.add')}>
        <TextInput {...draft.at('name')} label={t('departments.name')} required maxLength={128} />
        <FindInput
          {...draft.at('parent')}
          label={t('departments.parent')}
          help={t('departments.parent_help')}
          choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
        />
        <TextInput {...draft.at('code')} label={t('departments.code')} help={t('departments.code_help')} code maxLength={64} />
        <DepartmentFields draft={draft} />
      </FormFrame>
    </Panel>
  )
}
