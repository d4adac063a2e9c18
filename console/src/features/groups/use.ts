import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import type { Choice } from '../../ui/fields'

/** The groups that people can be put into by hand, as choices; the first 200 by name. */
export function useGroupChoices(): Choice[] {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/groups', {
    params: { path: { org }, query: { limit: 200, sort: 'name', type: 'ordinary' } },
  })
  return data?.items.map((g) => ({ id: g.id, label: g.name })) ?? []
}
