import { type ReactNode, useState } from 'react'
import { Checkbox, CheckboxGroup, FieldError, Label, Text } from 'react-aria-components'
import { type Choice, TextInput } from './fields'
import { Icon } from './icons'

interface ChoicesProps {
  name: string
  label: string
  help?: ReactNode
  value: readonly string[]
  onChange: (value: string[]) => void
  choices: readonly Choice[]
  disabled?: boolean
}

/** Several of a few, in the order in which they are offered. */
export function ChoicesInput({ name, label, help, value, onChange, choices, disabled }: ChoicesProps) {
  const sorted = (chosen: string[]) => choices.map((c) => c.id).filter((id) => chosen.includes(id))
  return (
    <CheckboxGroup
      className="field choices"
      name={name}
      value={[...value]}
      onChange={(chosen) => onChange(sorted(chosen))}
      isDisabled={disabled}
    >
      <Label>{label}</Label>
      {choices.map((c) => (
        <Checkbox key={c.id} value={c.id} className="check">
          <span className="box">
            <Icon name="check" />
          </span>
          <span>
            {c.label}
            {c.help ? <span className="help"> {c.help}</span> : null}
          </span>
        </Checkbox>
      ))}
      {help ? (
        <Text slot="description" className="help">
          {help}
        </Text>
      ) : null}
      <FieldError className="error" />
    </CheckboxGroup>
  )
}

/** The lines of a text, without what is around them, the empty ones left out. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

interface LinesProps {
  name: string
  label: string
  help?: ReactNode
  value: readonly string[]
  onChange: (value: string[]) => void
  required?: boolean
  example?: string
}

/** Several texts, one a line. */
export function LinesInput({ value, onChange, ...rest }: LinesProps) {
  const [text, setText] = useState(value.join('\n'))
  // What was put in from outside is shown; what is typed here is left as it stands, blank lines and all.
  const shown = linesOf(text).join('\n') === value.join('\n') ? text : value.join('\n')
  return (
    <TextInput
      {...rest}
      code
      rows={Math.min(8, Math.max(2, value.length + 1))}
      value={shown}
      onChange={(next) => {
        setText(next)
        onChange(linesOf(next))
      }}
    />
  )
}
