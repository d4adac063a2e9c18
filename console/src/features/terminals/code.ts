/** What is left of an activation code at a moment: a model without codes has none. */
export function codeState(endsAt: string | undefined, now: Date): 'none' | 'open' | 'ended' {
  if (!endsAt) return 'none'
  return new Date(endsAt).getTime() > now.getTime() ? 'open' : 'ended'
}
