/** Where two texts first differ, in letters; -1 where they do not. */
export function firstDifference(a: string, b: string): number {
  const [one, other] = [[...a], [...b]]
  const length = Math.max(one.length, other.length)
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return i
  return -1
}
