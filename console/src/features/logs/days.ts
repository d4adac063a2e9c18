/** The instant at which a day begins where the viewer is, as the server wants it; undefined for no day. */
export function dayStart(day: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined
  const at = new Date(`${day}T00:00:00`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** The instant at which a day is over. Where the clock is changed it has 23 or 25 hours. */
export function dayEnd(day: string): string | undefined {
  const start = dayStart(day)
  if (!start) return undefined
  const at = new Date(start)
  at.setDate(at.getDate() + 1)
  return at.toISOString()
}
