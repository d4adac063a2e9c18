/** A run of characters that are shown alike. */
export interface Piece {
  text: string
  /** What cannot be seen by itself is shown by a sign, and named for who hears the page. */
  name?: string
  differs: boolean
}

const signs: Record<string, [string, string]> = {
  '\n': ['\\n', 'line feed'],
  '\r': ['\\r', 'carriage return'],
  '\t': ['\\t', 'tab'],
  ' ': ['·', 'space'],
  '\u0000': ['\\0', 'NUL'],
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

/** Cuts a text into pieces, by which of its characters the other text has too. */
function pieces(characters: readonly string[], same: readonly boolean[]): Piece[] {
  const found: Piece[] = []
  characters.forEach((character, i) => {
    const sign = signOf(character)
    const differs = !same[i]
    const last = found.at(-1)
    if (sign) found.push({ text: sign[0], name: sign[1], differs })
    else if (last && !last.name && last.differs === differs) last.text += character
    else found.push({ text: character, differs })
  })
  return found
}

/** Texts of login requests are far shorter; what is longer is marked as a whole between its ends. */
const mostCells = 1_000_000

/** Which characters of two texts are the same in order: the longest sequence that both have. */
function common(a: readonly string[], b: readonly string[]): [boolean[], boolean[]] {
  const kept: [boolean[], boolean[]] = [a.map(() => false), b.map(() => false)]
  if (a.length * b.length > mostCells) return kept
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      kept[0][i++] = true
      kept[1][j++] = true
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return kept
}

export interface Compared {
  /** The byte, counted from 0, from which on the texts differ; -1 when they are the same. */
  at: number
  bytes: [number, number]
  expected: Piece[]
  received: Piece[]
}

/** Two texts side by side, with what only one of them has marked in each. */
export function compare(expected: string, received: string): Compared {
  const [a, b] = [[...expected], [...received]]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const same = expected === received
  const [left, right] = common(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const whole = (middle: boolean[]) => [...Array<boolean>(start).fill(true), ...middle, ...Array<boolean>(end).fill(true)]
  return {
    at: same ? -1 : bytes(a.slice(0, start).join('')),
    bytes: [bytes(expected), bytes(received)],
    expected: pieces(a, whole(left)),
    received: pieces(b, whole(right)),
  }
}

/** A text by itself, what cannot be seen in it made visible. */
export const visible = (text: string) => {
  const characters = [...text]
  return pieces(
    characters,
    characters.map(() => true),
  )
}
