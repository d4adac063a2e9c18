/** The time zones that there are to choose from: those that the browser knows, UTC, and the one that is set. */
export function zoneNames(set: string): string[] {
  return [...new Set(['UTC', set, ...Intl.supportedValuesOf('timeZone')])].filter((name) => name !== '')
}
