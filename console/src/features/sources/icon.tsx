import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { IconInput } from '../../ui/picture'
import type { Source } from './sources'

const icon = '/api/v1/organizations/{org}/sources/{source}/icon'

/** What people see beside the way to sign in. */
export function SourceIcon({ source: s }: { source: Source }) {
  const { org } = useOrg()
  const set = $api.useMutation('put', icon)
  const remove = $api.useMutation('delete', icon)
  const path = { org, source: s.id }
  const call = { params: { path, header: { 'If-Match': version(s.version) } } }
  const { data } = $api.useQuery('get', icon, { params: { path }, parseAs: 'blob' }, { enabled: s.icon !== '' })
  return (
    <IconInput
      picture={s.icon ? (data as unknown as Blob | undefined) : undefined}
      set={(file) =>
        set.mutateAsync({
          ...call,
          body: file as never,
          bodySerializer: (body: never) => body,
          headers: { 'Content-Type': file.type },
        } as never)
      }
      remove={s.icon ? () => remove.mutateAsync(call) : undefined}
    />
  )
}
