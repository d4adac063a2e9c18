import { useTranslation } from 'react-i18next'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import type { Draft } from '../../ui/form'
import { ManyInput } from '../../ui/pick'
import type { Typed } from './sent'
import { type Department, useDepartments } from './tree'

const reaches = ['all', 'own', 'own_and_below', 'designated'] as const

/** All that is typed of a department but its name and place. */
export function DepartmentFields({ draft }: { draft: Pick<Draft<Typed>, 'values' | 'at' | 'set'> }) {
  const { t } = useTranslation()
  const departments = useDepartments()
  return (
    <>
      <TextInput {...draft.at('note')} label={t('departments.note')} maxLength={96} />
      <TextInput {...draft.at('sort_level')} label={t('departments.sort_level')} type="number" help={t('departments.sort_level_help')} />
      <SelectInput
        {...draft.at('sees')}
        onChange={(sees) => draft.set('sees', sees as Department['sees'])}
        label={t('departments.sees')}
        help={t('departments.sees_help')}
        choices={reaches.map((id) => ({ id, label: t(`departments.sees.${id}`) }))}
      />
      {draft.values.sees === 'designated' ? (
        <ManyInput
          {...draft.at('designated')}
          label={t('departments.designated')}
          choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
        />
      ) : null}
      <CheckInput {...draft.at('open')} label={t('departments.open')} help={t('departments.open_help')} />
    </>
  )
}
