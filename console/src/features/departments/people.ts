import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'

/** So many are counted; beyond that a word is enough. */
const countable = 200

/** How many people are in a department and below it, in words; nothing until it is known, or where it may not be. */
export function usePeople(department: string): string | undefined {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/members', {
    params: { path: { org }, query: { department, limit: countable } },
  })
  if (!data) return undefined
  return data.next ? t('departments.people_more', { count: countable }) : t('departments.people', { count: data.items.length })
}
