import { useContext } from 'react'
import type { paths } from '../api/schema'
import { Administered } from './organization'

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'
type Sent<C> = C extends { requestBody: { content: infer B } } ? B : 'nothing'
type Answered<C> = C extends { responses: { 200: { content: infer A } } | { 201: { content: infer A } } } ? A : 'nothing'
type Talk<C> = C extends { responses: unknown } ? [Sent<C>, Answered<C>] : 'no call'

/** False where a call of one address sends or answers something else than the same call of the other. */
type Alike<I extends keyof paths, O extends keyof paths> = {
  [M in Method]: Talk<paths[I][M]> extends Talk<paths[O][M]> ? true : false
}[Method]

/** Where the pages of who runs the installation stand. Codes of organisations begin with a letter or digit (decision 0059). */
export const providerHome = '/-'

/**
 * What an organisation has, or the installation: pages that both have stand below the one or the other. The addresses
 * of their calls have to talk alike, else this does not compile; what stands for the organisation in one is left out of
 * the other.
 */
export function useScope() {
  const organization = useContext(Administered)
  return {
    organization,
    /** The organisation's code; empty for the installation. */
    org: organization?.code ?? '',
    at: (path: string) => `${organization ? `/${organization.code}` : providerHome}/${path}`,
    path: <O extends keyof paths, I extends keyof paths>(own: O, whole: I & (false extends Alike<I, O> ? never : unknown)): O =>
      organization ? own : (whole as unknown as O),
  }
}
