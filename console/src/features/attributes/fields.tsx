import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'

export type Attribute = Schemas['Attribute']

/** The custom attributes of the organisation's members. */
export function useAttributes(): Attribute[] {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/attributes', { params: { path: { org } } })
  return data?.items ?? []
}

interface Props {
  attributes: readonly Attribute[]
  values: Record<string, string>
  onChange: (values: Record<string, string>) => void
}

/** A field for each attribute, as its type asks. */
export function AttributeFields({ attributes, values, onChange }: Props) {
  return attributes.map((a) => {
    const field = {
      name: `attributes.${a.key}`,
      label: a.label,
      value: values[a.key] ?? '',
      onChange: (value: string) => onChange({ ...values, [a.key]: value }),
      required: a.required,
    }
    switch (a.type) {
      case 'choice':
        return <SelectInput key={a.key} {...field} choices={a.candidates.map((c) => ({ id: c, label: c }))} />
      case 'choices':
        return <Choices key={a.key} {...field} candidates={a.candidates} />
      case 'date':
        return <TextInput key={a.key} {...field} type="date" />
      case 'number':
        return <TextInput key={a.key} {...field} type="number" />
      default:
        return <TextInput key={a.key} {...field} />
    }
  })
}

/** Several of some candidates; the value joins them. */
function Choices({
  name,
  label,
  value,
  onChange,
  candidates,
}: {
  name: string
  label: string
  value: string
  onChange: (v: string) => void
  candidates: readonly string[]
}) {
  const chosen = value ? value.split('|') : []
  const set = (candidate: string, on: boolean) => onChange(candidates.filter((c) => (c === candidate ? on : chosen.includes(c))).join('|'))
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {candidates.map((c) => (
        <CheckInput key={c} name={name} label={c} value={chosen.includes(c)} onChange={(on) => set(c, on)} />
      ))}
    </fieldset>
  )
}
