import type { Schemas } from '../../api/client'

export type Resource = Schemas['Resource']
export type Total = Schemas['ResourceTotal']
export type Kind = Resource['kind']

/** Every kind of resource, in the order in which they are counted. */
export const kinds = [
  'members',
  'meeting_rooms',
  'participants',
  'terminals_1080p',
  'terminals_720p',
  'terminals_third_party',
  'smart_screens',
  'idea_hubs',
  'whiteboards',
  'live_streams',
  'recording_gigabytes',
] as const satisfies readonly Kind[]

/** What only a meeting server knows the use of. */
const untold: readonly string[] = ['participants', 'live_streams', 'recording_gigabytes']

/** How a total is drawn: against what was granted, as a number that is granted, or as what is used without a limit. */
export function sortedTotals(totals: readonly Total[]) {
  const inOrder = [...totals].sort((a, b) => kinds.indexOf(a.kind as Kind) - kinds.indexOf(b.kind as Kind))
  return {
    metered: inOrder.filter((total) => total.limited && !untold.includes(total.kind)),
    granted: inOrder.filter((total) => total.limited && untold.includes(total.kind)),
    free: inOrder.filter((total) => !total.limited && total.used > 0),
  }
}

/** Totals with the members that an organisation may have where they are set by its own limit, not by a grant; 0 sets none. */
export function withMembers(totals: readonly Total[], most: number): Total[] {
  return totals.map((total) =>
    total.kind === 'members' && !total.limited && most > 0
      ? { ...total, limited: true, granted: most, left: Math.max(0, most - total.used) }
      : total,
  )
}

/** How near a total is to its end. */
export function fullness({ granted, used }: Pick<Total, 'granted' | 'used'>): 'good' | 'warn' | 'bad' {
  if (used >= granted) return 'bad'
  return used >= granted * 0.9 ? 'warn' : 'good'
}

/** A moment as a field of the browser shows it, in the viewer's zone. */
export function localOf(iso: string): string {
  const at = new Date(iso)
  if (!iso || Number.isNaN(at.getTime())) return ''
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
