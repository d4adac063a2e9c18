/** Two texts cut where they begin to differ: what is the same, and the rests. */
export function difference(expected: string, received: string): { same: string; expected: string; received: string } {
  const [a, b] = [[...expected], [...received]]
  let i = 0
  while (i < a.length && i < b.length && a[i] === b[i]) i++
  return { same: a.slice(0, i).join(''), expected: a.slice(i).join(''), received: b.slice(i).join('') }
}
