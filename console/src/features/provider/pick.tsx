import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { $api } from '../../api/client'
import { PickInput } from '../../ui/pick'
import { useLater } from '../pick/who'

function useEnterprise(id: string) {
  return $api.useQuery('get', '/api/v1/organizations/{org}', { params: { path: { org: id } } }, { enabled: id !== '', staleTime: 60_000 })
}

/** The name of an enterprise of which only the identifier is at hand. One that is gone is told by it. */
export function EnterpriseName({ id }: { id: string }) {
  const { data, error } = useEnterprise(id)
  return error ? <code>{id}</code> : (data?.name ?? '…')
}

interface Props {
  name: string
  label: string
  help?: string
  value: string
  onChange: (id: string) => void
}

/** One enterprise, found by the beginning of its name or code; or none. */
export function EnterpriseInput({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState('')
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations',
    { params: { query: { q: useLater(text) || undefined, limit: 20 } } },
    { placeholderData: keepPreviousData },
  )
  const called = data?.items.find((o) => o.id === value)?.name ?? value
  return (
    <PickInput
      {...rest}
      single
      chosen={value ? [{ id: value, label: <EnterpriseName id={value} />, text: called }] : []}
      found={(data?.items ?? []).map((o) => ({ id: o.id, label: o.name, help: o.code }))}
      onSearch={setText}
      onChoose={onChange}
      onRemove={() => onChange('')}
    />
  )
}
