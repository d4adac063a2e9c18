import type { Schemas } from '../../api/client'

const states = ['pending', 'delivered', 'failed', 'not_asked'] as const
const causes = [
  'sign_out',
  'person',
  'administrator',
  'renewed',
  'password',
  'suspended',
  'removed',
  'frozen',
  'source',
  'unlinked',
] as const

/** How far an application was told; while the session lives there is nothing to tell. */
export const stateOf = (state: string) => states.find((s) => s === state) ?? 'live'

/** What ended a session, if it is known here. */
export const byOf = (by: string) => causes.find((c) => c === by)

/** The worst of what is left after the end of a session: somebody not reached, somebody not reached yet, or nobody. */
export function remains(report: Pick<Schemas['SessionReport'], 'notices'>): 'failed' | 'pending' | 'not_asked' | 'nothing' {
  for (const state of ['failed', 'pending', 'not_asked'] as const) if (report.notices.some((n) => n.state === state)) return state
  return 'nothing'
}
