import type { ReactNode } from 'react'
import { Button as BaseButton } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Choice } from './fields'
import { Finder } from './finder'
import { Icon } from './icons'

interface PickProps {
  name: string
  label: string
  help?: ReactNode
  /** Those that are chosen, in their order, by what they are called. */
  chosen: readonly (Omit<Choice, 'label'> & { label: ReactNode; text: string })[]
  /** What fits what is typed; without onSearch all there are, of which the field itself offers what fits. */
  found: readonly Choice[]
  onSearch?: (text: string) => void
  onChoose: (id: string) => void
  onRemove: (id: string) => void
  /** One at most: the field is there while none is chosen. */
  single?: boolean
  required?: boolean
}

/** Things that are found by typing. What was chosen stands above the field, each with a way to take it away. */
export function PickInput({ chosen, found, onChoose, onRemove, single, ...finder }: PickProps) {
  const { t } = useTranslation()
  const taken = new Set(chosen.map((c) => c.id))
  return (
    <div className="field pick">
      {chosen.length > 0 ? (
        <ul className="chips" aria-label={finder.label}>
          {chosen.map((c) => (
            <li key={c.id} className="chip">
              {c.label}
              <BaseButton onPress={() => onRemove(c.id)} aria-label={t('pick.remove', { name: c.text })}>
                <Icon name="close" />
              </BaseButton>
            </li>
          ))}
        </ul>
      ) : null}
      {single && chosen.length > 0 ? (
        <p className="pick-label">{finder.label}</p>
      ) : (
        <Finder {...finder} choices={found.filter((c) => !taken.has(c.id))} onFind={onChoose} />
      )}
    </div>
  )
}

interface ManyProps {
  name: string
  label: string
  help?: ReactNode
  choices: readonly Choice[]
  value: readonly string[]
  onChange: (ids: string[]) => void
}

/** Several of all there are. */
export function ManyInput({ choices, value, onChange, ...rest }: ManyProps) {
  const called = (id: string) => choices.find((c) => c.id === id)?.label ?? id
  return (
    <PickInput
      {...rest}
      chosen={value.map((id) => ({ id, label: called(id), text: called(id) }))}
      found={choices}
      onChoose={(id) => onChange([...value, id])}
      onRemove={(id) => onChange(value.filter((other) => other !== id))}
    />
  )
}
