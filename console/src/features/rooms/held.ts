import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'

/** How many rooms are lent to a member or a terminal: never more than one page. */
export function useRoomsOf(holder: { member: string } | { terminal: string }, wanted = true): number {
  const { org } = useOrg()
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/rooms',
    { params: { path: { org }, query: holder } },
    { enabled: wanted },
  )
  return data?.items.length ?? 0
}
