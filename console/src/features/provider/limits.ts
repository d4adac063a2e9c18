import type { Schemas } from '../../api/client'

type Fields = Schemas['MessageLimitFields']

export const limitNames = [
  'recipient_10_minutes',
  'recipient_day',
  'organization_hour',
  'organization_day',
  'sms_hour',
  'sms_day',
] as const satisfies readonly (keyof Fields)[]

type Typed = Record<(typeof limitNames)[number], string>

/** The limits as a form holds them: what is not set is empty. */
export function typedLimits(limits: Fields): Typed {
  return Object.fromEntries(limitNames.map((name) => [name, limits[name] ? String(limits[name]) : ''])) as Typed
}

/** The limits as they are sent: what was left empty is 0, the usual one. */
export function limitsOf(typed: Typed): Fields {
  return Object.fromEntries(limitNames.map((name) => [name, Number(typed[name])]))
}
