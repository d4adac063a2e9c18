import type { Schemas } from '../../api/client'

type Field = Schemas['SourceField']
type Source = Schemas['Source']
type Mapping = Schemas['SourceMapping']

/** What a form holds of a setting: a switch is true or false, all else text; lists stand with blanks between. */
export type Setting = string | boolean

/** What a form holds of a source. */
export interface SourceDraft {
  name: string
  settings: Record<string, Setting>
  'match.ours': string
  'match.theirs': string
  'match.strategy': string
  'match.trusted': string[]
  mappings: Mapping[]
}

function settingOf(field: Field, stored: unknown): Setting {
  if (field.type === 'secret' || field.type === 'key') return ''
  if (field.type === 'switch') return stored === undefined ? field.default === 'true' : stored === true
  if (Array.isArray(stored)) return stored.join(' ')
  return typeof stored === 'string' ? stored : field.default
}

/** What is stored, as a form holds it. Secrets are never told: their fields are empty. */
export function draftOf(s: Source, fields: readonly Field[]): SourceDraft {
  const stored = s.settings as Record<string, unknown>
  return {
    name: s.name,
    settings: Object.fromEntries(fields.map((f) => [f.key, settingOf(f, stored[f.key])])),
    'match.ours': s.match.ours ?? '',
    'match.theirs': s.match.theirs ?? '',
    'match.strategy': s.match.strategy ?? 'bind_or_create',
    'match.trusted': s.match.trusted ?? [],
    mappings: s.mappings,
  }
}

/** The words of a list, between blanks or commas. */
function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

/** The change that makes one draft of another: settings that are others than before, rules whole. */
export function changeOf(before: SourceDraft, now: SourceDraft, fields: readonly Field[]): Schemas['SourceChange'] {
  const change: Schemas['SourceChange'] = {}
  const settings = fields
    .filter((f) => now.settings[f.key] !== before.settings[f.key])
    .map((f) => [f.key, f.type === 'list' ? words(String(now.settings[f.key])) : now.settings[f.key]])
  if (settings.length > 0) change.settings = Object.fromEntries(settings)
  if (now.name !== before.name) change.name = now.name
  const match = (d: SourceDraft) => ({
    ...(d['match.ours'] ? { ours: d['match.ours'] as 'account' } : {}),
    ...(d['match.theirs'] ? { theirs: d['match.theirs'] } : {}),
    strategy: d['match.strategy'] as 'bind',
    trusted: d['match.trusted'] as ('email' | 'mobile')[],
  })
  if (JSON.stringify(match(now)) !== JSON.stringify(match(before))) change.match = match(now)
  if (JSON.stringify(now.mappings) !== JSON.stringify(before.mappings)) change.mappings = now.mappings
  return change
}
