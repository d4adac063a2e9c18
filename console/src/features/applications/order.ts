import type { Schemas } from '../../api/client'

type Policy = Schemas['Policy']
type NewPolicy = Schemas['NewPolicy']

/** A list with one thing moved by so many places, as far as the list goes. */
export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const to = Math.min(Math.max(from + by, 0), list.length - 1)
  const next = [...list]
  const [thing] = next.splice(from, 1)
  if (thing !== undefined) next.splice(to, 0, thing)
  return next
}

/** A stored policy as a draft of one. */
export function draftOf({ name, description, decision, regions, report_only, schedule }: Policy): NewPolicy {
  return { name, description, decision, regions, report_only, schedule }
}

/** All policies in their order, with one drafted anew, or a new one behind them. */
export function drafted(policies: readonly Policy[], id: string, draft: NewPolicy): NewPolicy[] {
  const all = policies.map((p) => (p.id === id ? draft : draftOf(p)))
  return policies.some((p) => p.id === id) ? all : [...all, draft]
}

/** A moment as an input of the browser writes it, with the viewer's offset; empty for none. */
export function momentOf(local: string): string | undefined {
  if (!local) return undefined
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
