/** Rules as a form holds them: numbers as what was typed. */
export type Typed<T> = { [K in keyof T]-?: NonNullable<T[K]> extends number ? string : NonNullable<T[K]> }

/** Rules for a form. */
export function typed<T extends Record<string, number | boolean | undefined>>(rules: T): Typed<T> {
  return Object.fromEntries(
    Object.entries(rules).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  ) as Typed<T>
}

/** Rules of a form as the server takes them. A number that was emptied is 0, which the server knows how to read. */
export function untyped(rules: Record<string, string | boolean>): Record<string, number | boolean> {
  return Object.fromEntries(Object.entries(rules).map(([name, value]) => [name, typeof value === 'string' ? Number(value) : value]))
}
