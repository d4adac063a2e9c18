interface Opened {
  name: string
  description: string
  entered_at?: string | undefined
}

/** Those in whose name or description a text stands, whatever the letter case. */
export function matching<T extends Opened>(all: readonly T[], text: string): T[] {
  const wanted = text.trim().toLocaleLowerCase()
  return all.filter((a) => `${a.name}\n${a.description}`.toLocaleLowerCase().includes(wanted))
}

/** At most four that were entered, the last one first. Where there are no more than that in all, it would say everything twice. */
export function recent<T extends Opened>(all: readonly T[]): T[] {
  if (all.length <= 4) return []
  return all
    .filter((a) => a.entered_at)
    .sort((a, b) => Date.parse(b.entered_at ?? '') - Date.parse(a.entered_at ?? ''))
    .slice(0, 4)
}
