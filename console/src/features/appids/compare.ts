/** A run of characters that are shown alike. */
export interface Piece {
  text: string
  /** What cannot be seen by itself is shown by a sign, and named for who hears the page. */
  name?: string
  differs: boolean
}

const signs: Record<string, [string, string]> = {
  '\n': ['␊', 'line feed'],
  '\r': ['␍', 'carriage return'],
  '\t': ['␉', 'tab'],
  ' ': ['␠', 'space'],
  '\u0000': ['␀', 'NUL'],
}

/** A character that cannot be seen, or could be taken for another, as a sign with its name; nothing for all others. */
export function signOf(character: string): [string, string] | undefined {
  const known = signs[character]
  if (known) return known
  if (!/[\p{C}\p{Z}\p{M}]/u.test(character)) return undefined
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return [code, code]
}

const bytes = (text: string) => new TextEncoder().encode(text).length

/** Cuts a text into pieces; what lies between from and to differs from the other text. */
function pieces(characters: readonly string[], from: number, to: number): Piece[] {
  const found: Piece[] = []
  characters.forEach((character, i) => {
    const sign = signOf(character)
    const differs = i >= from && i < to
    const last = found.at(-1)
    if (sign) found.push({ text: sign[0], name: sign[1], differs })
    else if (last && !last.name && last.differs === differs) last.text += character
    else found.push({ text: character, differs })
  })
  return found
}

export interface Compared {
  /** The byte, counted from 0, from which on the texts differ; -1 when they are the same. */
  at: number
  bytes: [number, number]
  expected: Piece[]
  received: Piece[]
}

/** Two texts side by side: alike at both ends, and what lies between marked in each. */
export function compare(expected: string, received: string): Compared {
  const [a, b] = [[...expected], [...received]]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const same = expected === received
  return {
    at: same ? -1 : bytes(a.slice(0, start).join('')),
    bytes: [bytes(expected), bytes(received)],
    expected: pieces(a, start, a.length - end),
    received: pieces(b, start, b.length - end),
  }
}

/** A text by itself, what cannot be seen in it made visible. */
export const visible = (text: string) => pieces([...text], 0, 0)
