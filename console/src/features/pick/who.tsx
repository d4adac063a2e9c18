import { keepPreviousData } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { PickInput } from '../../ui/pick'
import { useDepartments } from '../departments/tree'

/** What was typed, a moment after the last letter. */
export function useLater(text: string) {
  const [later, setLater] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), 200)
    return () => clearTimeout(timer)
  }, [text])
  return later
}

function useMember(id: string) {
  const { org } = useOrg()
  return $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/members/{member}',
    { params: { path: { org, member: id } } },
    { enabled: id !== '', staleTime: 60_000 },
  )
}

/** The name of a member of whom only the identifier is at hand. */
export function MemberName({ id }: { id: string }) {
  const { data } = useMember(id)
  return data?.name ?? id
}

interface ManyProps {
  name: string
  label: string
  help?: ReactNode
  value: readonly string[]
  onChange: (value: string[]) => void
  single?: boolean
  required?: boolean
}

const without = (value: readonly string[], id: string) => value.filter((other) => other !== id)

/** Members, found by name, account, mobile number or mail. */
export function MembersInput({ value, onChange, ofRole, ...rest }: ManyProps & { ofRole?: Schemas['Member']['role'] }) {
  const { org } = useOrg()
  const [text, setText] = useState('')
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/members',
    { params: { path: { org }, query: { q: useLater(text) || undefined, limit: 20, role: ofRole } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <PickInput
      {...rest}
      chosen={value.map((id) => ({ id, label: <MemberName id={id} />, text: data?.items.find((m) => m.id === id)?.name ?? id }))}
      found={(data?.items ?? []).map((m) => ({ id: m.id, label: m.name, help: m.account }))}
      onSearch={setText}
      onChoose={(id) => onChange([...value, id])}
      onRemove={(id) => onChange(without(value, id))}
    />
  )
}

/** One member, or nobody. */
export function MemberInput({
  value,
  onChange,
  ...rest
}: Omit<ManyProps, 'value' | 'onChange'> & One & { ofRole?: Schemas['Member']['role'] }) {
  return <MembersInput {...rest} single value={value ? [value] : []} onChange={(ids) => onChange(ids[0] ?? '')} />
}

interface One {
  value: string
  onChange: (value: string) => void
}

/** Departments, by the identifiers that rules of access name. */
export function DepartmentsInput({ value, onChange, ...rest }: ManyProps) {
  const departments = useDepartments()
  const [text, setText] = useState('')
  const named = (id: string) => departments.list.find((d) => d.id === id)?.name ?? id
  const looked = text.trim().toLowerCase()
  return (
    <PickInput
      {...rest}
      chosen={value.map((id) => ({ id, label: named(id), text: named(id) }))}
      found={departments.list
        .filter((d) => d.name.toLowerCase().includes(looked) || d.code.toLowerCase().includes(looked))
        .slice(0, 50)
        .map((d) => ({ id: d.id, label: d.name, help: d.code }))}
      onSearch={setText}
      onChoose={(id) => onChange([...value, id])}
      onRemove={(id) => onChange(without(value, id))}
    />
  )
}

function GroupName({ id }: { id: string }) {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/groups/{group}', { params: { path: { org, group: id } } })
  return data?.name ?? id
}

/** Groups, found by name. */
export function GroupsInput({ value, onChange, ...rest }: ManyProps) {
  const { org } = useOrg()
  const [text, setText] = useState('')
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/groups',
    { params: { path: { org }, query: { q: useLater(text) || undefined, limit: 20 } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <PickInput
      {...rest}
      chosen={value.map((id) => ({ id, label: <GroupName id={id} />, text: data?.items.find((g) => g.id === id)?.name ?? id }))}
      found={(data?.items ?? []).map((g) => ({ id: g.id, label: g.name, help: g.description }))}
      onSearch={setText}
      onChoose={(id) => onChange([...value, id])}
      onRemove={(id) => onChange(without(value, id))}
    />
  )
}
