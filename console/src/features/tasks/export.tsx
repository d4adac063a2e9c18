import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { SelectInput } from '../../ui/fields'
import { FindInput } from '../../ui/finder'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { useDepartments } from '../departments/tree'

type Asked = Schemas['NewExport']

const abouts = ['members', 'contacts'] as const
const formats = ['xlsx', 'csv'] as const
const roles = ['owner', 'administrator', 'member'] as const
const statuses = ['active', 'disabled'] as const
const all = 'all'

/** Has people or contacts written to a file. */
export function AddExport({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const departments = useDepartments()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/exports')
  const draft = useDraft({ about: 'members', format: 'xlsx', department: '', role: all, status: all })
  const v = draft.values
  const submit = async () => {
    const narrowed = {
      ...(v.department ? { department: v.department } : {}),
      ...(v.role === all ? {} : { role: v.role as Asked['role'] }),
      ...(v.status === all ? {} : { status: v.status as Asked['status'] }),
    }
    const task = await add.mutateAsync({
      params: { path: { org } },
      body: { about: v.about as Asked['about'], format: v.format as Asked['format'], ...(v.about === 'members' ? narrowed : {}) },
    })
    void navigate(at(`tasks/${task.id}?list=exports`))
  }
  const every = { id: all, label: t('table.all') }
  return (
    <Panel title={t('tasks.export')} back={back}>
      <FormFrame dirty={false} submit={submit} verb={t('tasks.export')}>
        <SelectInput
          {...draft.at('about')}
          label={t('tasks.about')}
          choices={abouts.map((id) => ({ id, label: t(`tasks.about.${id}`) }))}
        />
        <SelectInput {...draft.at('format')} label={t('tasks.format')} choices={formats.map((id) => ({ id, label: id.toUpperCase() }))} />
        {v.about === 'members' ? (
          <>
            <FindInput
              {...draft.at('department')}
              label={t('members.department')}
              help={t('tasks.department_help')}
              choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
            />
            <SelectInput
              {...draft.at('role')}
              label={t('members.role')}
              choices={[every, ...roles.map((id) => ({ id, label: t(`members.role.${id}`) }))]}
            />
            <SelectInput
              {...draft.at('status')}
              label={t('members.status')}
              choices={[every, ...statuses.map((id) => ({ id, label: t(`members.status.${id}`) }))]}
            />
          </>
        ) : null}
      </FormFrame>
    </Panel>
  )
}
