// Tells how much compressed JavaScript the first page of each application loads, and fails above the budget: the entry,
// all that it imports, the larger catalogue, and the view that is seen first.
import { readFileSync, statSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
const size = (file) => statSync(new URL(`${file}.gz`, dist)).size

/** The files that a chunk loads at once, itself included. */
function loaded(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`the build has no ${key}`)
  if (!seen.has(chunk.file)) {
    seen.add(chunk.file)
    for (const next of chunk.imports ?? []) loaded(next, seen)
  }
  return seen
}

const catalogue = ['src/i18n/en-US.json', 'src/i18n/zh-CN.json'].sort((a, b) => size(manifest[b].file) - size(manifest[a].file))[0]
let over = false
for (const [name, entry, first, budget] of [
  ['user centre', 'centre.html', 'src/features/centre/applications.tsx', 250],
  ['management centre', 'index.html', 'src/features/home/home.tsx', 450],
]) {
  const files = loaded(entry)
  loaded(catalogue, files)
  if (manifest[first]) loaded(first, files)
  const kilobytes = Math.round([...files].reduce((sum, file) => sum + size(file), 0) / 100) / 10
  console.log(`${name}: ${kilobytes} kB of ${budget}`)
  over ||= kilobytes > budget
}
if (over) process.exit(1)
