/** The nouns of events that are told of often; each stands for all that happens to such things. */
export const nouns = [
  'organization',
  'member',
  'department',
  'group',
  'contact',
  'invitation',
  'account',
  'application',
  'policy',
  'source',
  'sign_in',
  'session',
  'resource',
  'meeting_room',
  'terminal',
] as const

/** What a form holds of the events: whole nouns, * for everything, and single kinds. */
export interface Kinds {
  nouns: string[]
  kinds: string[]
}

/** The events of a webhook as a form holds them. */
export function kindsOf(events: readonly string[]): Kinds {
  if (events.includes('*')) return { nouns: ['*'], kinds: [] }
  const whole = (event: string) => event.endsWith('.*') && (nouns as readonly string[]).includes(event.slice(0, -2))
  return {
    nouns: events.filter(whole).map((event) => event.slice(0, -2)),
    kinds: events.filter((event) => !whole(event)),
  }
}

/** The events of a webhook as the server takes them: each once. */
export function eventsOf({ nouns: whole, kinds }: Kinds): string[] {
  if (whole.includes('*')) return ['*']
  return [...new Set([...whole.map((noun) => `${noun}.*`), ...kinds])]
}
