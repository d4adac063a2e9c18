import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en-US.json'
import zh from './zh-CN.json'

const plural = /_(zero|one|two|few|many|other)$/
const bases = (words: Record<string, string>) => new Set(Object.keys(words).map((key) => key.replace(plural, '')))
const holes = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]).sort()

/** Every source file of the console. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? sources(join(folder, e.name)) : /\.tsx?$/.test(e.name) && e.name !== 'schema.d.ts' ? [join(folder, e.name)] : [],
  )
}

describe('catalogues', () => {
  it('say the same things', () => {
    expect([...bases(zh)].sort()).toEqual([...bases(en)].sort())
  })
  it('say nothing twice, nothing empty, in order', () => {
    for (const words of [en, zh] as Record<string, string>[]) {
      expect(Object.keys(words)).toEqual(Object.keys(words).sort())
      for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe('')
    }
  })
  it('have the same holes', () => {
    const other = zh as Record<string, string>
    for (const [key, text] of Object.entries(en as Record<string, string>)) {
      const translated = other[key] ?? other[key.replace(plural, '_other')] ?? ''
      expect(holes(translated), key).toEqual(holes(text))
    }
  })
  it('use no forbidden words', () => {
    for (const [key, text] of Object.entries(en as Record<string, string>))
      expect(text, key).not.toMatch(/\b(please|invalid|something went wrong)\b/i)
    for (const [key, text] of Object.entries(zh as Record<string, string>)) expect(text, key).not.toMatch(/请您|无效|出错了/)
  })
  it('are used whole', () => {
    const text = sources(join(import.meta.dirname, '..'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    // A key may be made of its front and what the server answered: such fronts stand in the code as `front.${…}`.
    const fronts = [...text.matchAll(/`([a-z_.]+)\$\{/g)].map((m) => m[1] as string).filter((front) => front.includes('.'))
    const unused = [...bases(en)].filter(
      (key) => !text.includes(`'${key}'`) && !text.includes(`"${key}"`) && !fronts.some((f) => key.startsWith(f)),
    )
    expect(unused).toEqual([])
  })
})
