import type { Schemas } from '../../api/client'

type Token = Pick<Schemas['APIToken'], 'expires_at' | 'revoked_at'>

/** What a token is worth at an instant. One that was revoked says so, also after its end. */
export function stateOf(token: Token, now: Date): 'live' | 'ended' | 'revoked' {
  if (token.revoked_at) return 'revoked'
  return token.expires_at && new Date(token.expires_at) <= now ? 'ended' : 'live'
}
