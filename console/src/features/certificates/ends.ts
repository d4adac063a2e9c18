import type { Schemas } from '../../api/client'

type Expiry = Schemas['Expiry']

const day = 24 * 60 * 60 * 1000

/** How pressing an end is: over, within a week, within a month, or later. */
export function urgency(endsAt: string, now: Date): 'over' | 'week' | 'month' | 'later' {
  const left = Date.parse(endsAt) - now.getTime()
  if (left <= 0) return 'over'
  if (left <= 7 * day) return 'week'
  return left <= 30 * day ? 'month' : 'later'
}

/** Where it is renewed, below the organisation. */
export function placeOf({ kind, id }: Pick<Expiry, 'kind' | 'id'>): string {
  const name = encodeURIComponent(id)
  switch (kind) {
    case 'app_key':
      return `app-ids/${name}`
    case 'client_secret':
      return `applications/${name}/secrets`
    case 'webhook_secret':
      return `webhooks/${name}/secret`
    case 'setup_link':
      return `sources/${name}/links`
  }
}
