import createClient, { type Middleware } from 'openapi-fetch'
import createHooks from 'openapi-react-query'
import { problemFrom } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** What every call carries beside its own: the language of refusals, and the proof that it comes from a page of ours. */
const caller = { csrf: '' }

/** Remembers the proof that changes carry, which GET /api/v1/me tells. */
export function remember(csrf: string | undefined) {
  caller.csrf = csrf ?? ''
}

/** Where somebody who is not signed in goes on, and comes back from. */
export function toSignIn() {
  const here = location.pathname + location.search
  location.assign(`/login?return_to=${encodeURIComponent(here)}`)
}

const spoken: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang)
    // Without https browsers do not say where a call comes from: any value proves a read (decision 0042).
    request.headers.set('X-CSRF-Token', caller.csrf || 'read')
    return request
  },
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return
    if (response.status === 401) toSignIn()
    throw await problemFrom(response)
  },
}

/** The management API, by the types of its description. A refusal is thrown as a Problem. */
export const api = createClient<paths>({ baseUrl: '', headers: { Accept: 'application/json' } })
api.use(spoken)

/** The same as hooks. */
export const $api = createHooks(api)

/** The If-Match of a change to what was read in this version. */
export function version(n: number): string {
  return `"${n}"`
}
