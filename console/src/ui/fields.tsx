import type { ReactNode } from 'react'
import {
  Checkbox as BaseCheckbox,
  Switch as BaseSwitch,
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components'
import { Icon } from './icons'

interface FieldProps<T> {
  /** The field's path as the server names it: what it says of the field is shown here. */
  name: string
  label: string
  help?: ReactNode
  value: T
  onChange: (value: T) => void
  required?: boolean
  disabled?: boolean
}

function Help({ children }: { children?: ReactNode }) {
  return children ? (
    <Text slot="description" className="help">
      {children}
    </Text>
  ) : null
}

interface TextProps extends FieldProps<string> {
  example?: string
  type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'number' | 'datetime-local' | 'date' | 'time'
  rows?: number
  autoComplete?: string
  maxLength?: number
  code?: boolean
}

/** A line of text, or several with rows. */
export function TextInput({
  name,
  label,
  help,
  value,
  onChange,
  required,
  disabled,
  example,
  type = 'text',
  rows,
  autoComplete = 'off',
  maxLength,
  code,
}: TextProps) {
  return (
    <TextField
      className={code ? 'field mono' : 'field'}
      name={name}
      value={value}
      onChange={onChange}
      isRequired={required}
      isDisabled={disabled}
      type={type}
      autoComplete={autoComplete}
      maxLength={maxLength}
    >
      <Label>{label}</Label>
      {rows ? <TextArea rows={rows} placeholder={example} /> : <Input placeholder={example} />}
      <Help>{help}</Help>
      <FieldError className="error" />
    </TextField>
  )
}

export interface Choice {
  id: string
  label: string
  help?: string
}

/** One of several. */
export function SelectInput({
  name,
  label,
  help,
  value,
  onChange,
  required,
  disabled,
  choices,
}: FieldProps<string> & { choices: readonly Choice[] }) {
  return (
    <Select
      className="field"
      name={name}
      value={value}
      onChange={(key) => onChange(String(key ?? ''))}
      isRequired={required}
      isDisabled={disabled}
    >
      <Label>{label}</Label>
      <Button className="select">
        <SelectValue />
        <Icon name="down" />
      </Button>
      <Help>{help}</Help>
      <FieldError className="error" />
      <Popover className="popover">
        <ListBox className="options" items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className="option">
              <Text slot="label">{choice.label}</Text>
              {choice.help ? (
                <Text slot="description" className="help">
                  {choice.help}
                </Text>
              ) : null}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}

/** Yes or no, which takes effect with the form. */
export function CheckInput({ name, label, help, value, onChange, disabled }: FieldProps<boolean>) {
  return (
    <div className="field">
      <BaseCheckbox className="check" name={name} isSelected={value} onChange={onChange} isDisabled={disabled}>
        <span className="box">
          <Icon name="check" />
        </span>
        <span>{label}</span>
      </BaseCheckbox>
      {help ? <p className="help indented">{help}</p> : null}
    </div>
  )
}

/** On or off, which takes effect at once. */
export function Switch({
  label,
  value,
  onChange,
  disabled,
}: {
  label: string
  value: boolean
  onChange: (on: boolean) => void
  disabled?: boolean
}) {
  return (
    <BaseSwitch className="switch" isSelected={value} onChange={onChange} isDisabled={disabled}>
      <span className="track" />
      <span>{label}</span>
    </BaseSwitch>
  )
}
