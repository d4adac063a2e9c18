/** What may be chosen, of a text with one to a line: blanks around and lines without anything do not count. */
export function candidatesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
