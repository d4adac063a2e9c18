import type { Schemas } from '../../api/client'

export type ActivationCode = Schemas['ActivationCode']

/** The kinds of devices that are activated by a code alone. */
export const devices = ['idea_hub', 'smart_screen', 'whiteboard', 'smart_room'] as const

/** Devices and their codes, a line each, as a spreadsheet takes them. */
export function sheetOf(codes: readonly Pick<ActivationCode, 'name' | 'code'>[]): string {
  return codes.map((c) => `${c.name.replace(/\s+/g, ' ')}\t${c.code}`).join('\n')
}

/** Makes one after the other until all are made or one is refused: what was made before stays. */
export async function makeEach<T>(names: readonly string[], make: (name: string) => Promise<T>): Promise<{ made: T[]; refused?: unknown }> {
  const made: T[] = []
  for (const name of names) {
    try {
      made.push(await make(name))
    } catch (refused) {
      return { made, refused }
    }
  }
  return { made }
}
