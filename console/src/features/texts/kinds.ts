/** The kinds of messages that an organisation words. */
export const kinds = [
  'code',
  'welcome',
  'password_reset',
  'password_changed',
  'forgotten',
  'forgotten_sso',
  'invitation',
  'handover',
  'sync_failed',
  'join_made',
  'entry_made',
  'join_approved',
  'join_rejected',
  'entry_approved',
  'entry_rejected',
  'members_approved',
  'members_rejected',
  'activation',
  'terminal',
] as const

export type Kind = (typeof kinds)[number]

/** Whether there is a name for a kind: a server may know of more than these pages. */
export function isKind(kind: string): kind is Kind {
  return (kinds as readonly string[]).includes(kind)
}

/** The placeholders that a text cannot do without and lacks, each in its braces. */
export function lacking(text: string, placeholders: readonly { name: string; required: boolean }[]): string[] {
  if (text === '') return []
  return placeholders.filter((p) => p.required && !text.includes(`{${p.name}}`)).map((p) => `{${p.name}}`)
}
