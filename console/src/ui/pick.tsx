import { type ReactNode, useState } from 'react'
import {
  Button as BaseButton,
  ComboBox,
  FieldError,
  Input,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Choice } from './fields'
import { Icon } from './icons'

interface PickProps {
  name: string
  label: string
  help?: ReactNode
  /** Those that are chosen, in their order, by what they are called. */
  chosen: readonly (Omit<Choice, 'label'> & { label: ReactNode; text: string })[]
  /** What fits what is typed. */
  found: readonly Choice[]
  onSearch: (text: string) => void
  onChoose: (id: string) => void
  onRemove: (id: string) => void
  /** One at most: the field is there while none is chosen. */
  single?: boolean
  required?: boolean
}

/** Things that are found by typing. What was chosen stands above the field, each with a way to take it away. */
export function PickInput({ name, label, help, chosen, found, onSearch, onChoose, onRemove, single, required }: PickProps) {
  const { t } = useTranslation()
  // Each find begins with a field of its own: one that is emptied would open its list again, over the rest of the page.
  const [finds, setFinds] = useState(0)
  const choose = (key: Key | null) => {
    if (key === null) return
    onChoose(String(key))
    onSearch('')
    setFinds(finds + 1)
  }
  const taken = new Set(chosen.map((c) => c.id))
  return (
    <div className="field pick">
      {chosen.length > 0 ? (
        <ul className="chips" aria-label={label}>
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
        <p className="pick-label">{label}</p>
      ) : (
        <ComboBox
          key={finds}
          autoFocus={finds > 0}
          className="field"
          name={name}
          onInputChange={onSearch}
          onSelectionChange={choose}
          items={found.filter((c) => !taken.has(c.id))}
          menuTrigger="input"
          allowsEmptyCollection
          isRequired={required}
        >
          <Label>{label}</Label>
          <Input placeholder={t('pick.search')} />
          {help ? (
            <Text slot="description" className="help">
              {help}
            </Text>
          ) : null}
          <FieldError className="error" />
          <Popover className="popover">
            <ListBox<Choice> className="options" renderEmptyState={() => <p className="option muted">{t('pick.none')}</p>}>
              {(c) => (
                <ListBoxItem id={c.id} textValue={c.label} className="option">
                  <Text slot="label">{c.label}</Text>
                  {c.help ? (
                    <Text slot="description" className="help">
                      {c.help}
                    </Text>
                  ) : null}
                </ListBoxItem>
              )}
            </ListBox>
          </Popover>
        </ComboBox>
      )}
    </div>
  )
}
