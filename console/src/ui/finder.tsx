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

interface Props {
  name: string
  label: string
  help?: ReactNode
  choices: readonly Choice[]
  required?: boolean
}

function Offered({ choice }: { choice: Choice }) {
  return (
    <ListBoxItem id={choice.id} textValue={choice.label} className="option">
      <Text slot="label">{choice.label}</Text>
      {choice.help ? (
        <Text slot="description" className="help">
          {choice.help}
        </Text>
      ) : null}
    </ListBoxItem>
  )
}

function Body({ label, help }: { label: string; help?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <>
      <Label>{label}</Label>
      <div className="combo">
        <Input />
        <BaseButton className="clear">
          <Icon name="down" />
        </BaseButton>
      </div>
      {help ? (
        <Text slot="description" className="help">
          {help}
        </Text>
      ) : null}
      <FieldError className="error" />
      <Popover className="popover">
        <ListBox<Choice> className="options" renderEmptyState={() => <p className="option help">{t('common.nothing_fits')}</p>}>
          {(choice) => <Offered choice={choice} />}
        </ListBox>
      </Popover>
    </>
  )
}

/** One of many, found by typing: for lists that are too long to look through. */
export function FindInput({
  name,
  label,
  help,
  choices,
  required,
  value,
  onChange,
}: Props & { value: string; onChange: (id: string) => void }) {
  // A list may come later than the form: what is chosen is drawn once there are names.
  return (
    <ComboBox
      key={choices.length > 0 ? 'ready' : 'waiting'}
      className="field"
      name={name}
      defaultItems={choices}
      defaultSelectedKey={value || null}
      onSelectionChange={(key: Key | null) => onChange(String(key ?? ''))}
      isRequired={required}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Body label={label} help={help} />
    </ComboBox>
  )
}

/**
 * Finds one after the other: what is chosen goes to onFind, and the field is empty again. With onSearch the server finds,
 * else the choices are all there are.
 */
export function Finder({ onFind, onSearch, ...p }: Props & { onFind: (id: string) => void; onSearch?: (text: string) => void }) {
  // Each find begins with a field of its own: one that is emptied would open its list again.
  const [found, setFound] = useState(0)
  return (
    <ComboBox
      key={found}
      autoFocus={found > 0}
      className="field"
      name={p.name}
      onInputChange={onSearch}
      onSelectionChange={(key: Key | null) => {
        if (key === null) return
        onFind(String(key))
        onSearch?.('')
        setFound(found + 1)
      }}
      {...(onSearch ? { items: p.choices } : { defaultItems: p.choices })}
      menuTrigger="input"
      allowsEmptyCollection
      isRequired={p.required}
    >
      <Body label={p.label} help={p.help} />
    </ComboBox>
  )
}
