import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Finder } from '../../ui/finder'

/** Finds a member by what their name, account or contact begins with. Those who are left out are not offered. */
export function MemberFinder({
  name,
  label,
  help,
  without = [],
  onFind,
}: {
  name: string
  label: string
  help?: string
  without?: readonly string[]
  onFind: (member: string) => void
}) {
  const { org } = useOrg()
  const [q, setQ] = useState('')
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/members',
    { params: { path: { org }, query: { q: q || undefined, limit: 20 } } },
    { placeholderData: keepPreviousData },
  )
  const found = data?.items.filter((m) => !without.includes(m.id)) ?? []
  return (
    <Finder
      name={name}
      label={label}
      help={help}
      choices={found.map((m) => ({ id: m.id, label: m.name, help: m.account }))}
      onSearch={setQ}
      onFind={onFind}
    />
  )
}
