import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { PickInput } from '../../ui/pick'

interface Props {
  name: string
  label: string
  value: string
  onChange: (terminal: string) => void
}

/** One terminal, found by its name or serial number. */
export function TerminalInput({ value, onChange, ...rest }: Props) {
  const { org } = useOrg()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState('')
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/terminals',
    { params: { path: { org }, query: { q: text || undefined, limit: 20 } } },
    { placeholderData: keepPreviousData },
  )
  const found = data?.items ?? []
  return (
    <PickInput
      {...rest}
      single
      chosen={value ? [{ id: value, label: chosen, text: chosen }] : []}
      found={found.map((m) => ({ id: m.id, label: m.name, help: m.serial }))}
      onSearch={setText}
      onChoose={(id) => {
        setChosen(found.find((m) => m.id === id)?.name ?? id)
        onChange(id)
      }}
      onRemove={() => onChange('')}
    />
  )
}
