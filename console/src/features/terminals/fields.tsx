import { useTranslation } from 'react-i18next'
import { SelectInput, TextInput } from '../../ui/fields'
import { useDepartments } from '../departments/tree'
import type { Terminal } from './terminals'

const projections = ['automatic', 'simple', 'complex'] as const

/** How a terminal makes the code by which a screen is projected to it. */
export function ProjectionInput({ name, value, onChange }: { name: string; value: string; onChange: (v: Terminal['projection']) => void }) {
  const { t } = useTranslation()
  return (
    <SelectInput
      name={name}
      label={t('terminals.projection')}
      value={value}
      onChange={(v) => onChange(v as Terminal['projection'])}
      choices={projections.map((p) => ({ id: p, label: t(`terminals.projection.${p}`) }))}
    />
  )
}

type Placed = 'department' | 'email' | 'mobile' | 'description'

/** In which department a device stands, and who looks after it. */
export function WhereAndWho({
  at,
  contactHelp,
}: {
  at: (name: Placed) => { name: string; value: string; onChange: (value: string) => void }
  contactHelp: string
}) {
  const { t } = useTranslation()
  const departments = useDepartments()
  return (
    <>
      <SelectInput
        {...at('department')}
        label={t('members.department')}
        choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
      />
      <TextInput {...at('email')} label={t('terminals.email')} type="email" help={contactHelp} />
      <TextInput {...at('mobile')} label={t('terminals.mobile')} type="tel" example="+8613800000001" help={t('members.mobile_help')} />
      <TextInput {...at('description')} label={t('members.description')} rows={2} maxLength={128} />
    </>
  )
}
