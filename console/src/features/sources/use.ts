import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import type { Choice } from '../../ui/fields'

/** The enabled authentication sources of the organisation, as choices. */
export function useSourceChoices(): Choice[] {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/sources', { params: { path: { org } } })
  return data?.items.filter((s) => s.enabled).map((s) => ({ id: s.id, label: s.name })) ?? []
}
