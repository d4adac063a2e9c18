import type { Schemas } from '../../api/client'

export const methods = ['POST', 'PUT', 'GET'] as const
export const encodings = ['json', 'form'] as const
export const languages = ['signed', 'own'] as const

export type TypedSMS = Record<
  'url' | 'language' | 'secret' | `http.${'method' | 'encoding' | 'body' | 'headers' | 'statuses' | 'path' | 'value'}`,
  string
>

/** The settings of short messages as a form holds them. Secrets and headers are never told: their fields begin empty. */
export function typedSMS(s: Schemas['SMSSettings']): TypedSMS {
  return {
    url: s.url,
    // Which language the gateway speaks: our signed JSON, or one of its own.
    language: s.http ? 'own' : 'signed',
    secret: '',
    'http.method': s.http?.method ?? 'POST',
    'http.encoding': s.http?.encoding ?? 'json',
    'http.body': s.http?.body ?? '{"to": "{mobile}", "text": "{text}"}',
    'http.headers': '',
    'http.statuses': (s.http?.statuses ?? []).join(', '),
    'http.path': s.http?.path ?? '',
    'http.value': s.http?.value ?? '',
  }
}

/** Headers of a request, one a line as in "Authorization: Bearer …". */
export function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf(':')
        return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
      }),
  )
}

/** The settings as they are sent. What was left empty of secrets and headers stays as it is set. */
export function smsOf(typed: TypedSMS): Schemas['SMSChange'] {
  if (typed.language !== 'own') return { url: typed.url, ...(typed.secret === '' ? {} : { secret: typed.secret }) }
  const method = methods.find((m) => m === typed['http.method']) ?? 'POST'
  const headers = headersOf(typed['http.headers'])
  const statuses = typed['http.statuses'].split(/[\s,，]+/).filter((s) => s !== '')
  const rest = { path: typed['http.path'], value: typed['http.value'] }
  return {
    url: typed.url,
    http: {
      method,
      ...(method === 'GET' ? {} : { body: typed['http.body'], encoding: encodings.find((e) => e === typed['http.encoding']) ?? 'json' }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(statuses.length === 0 ? {} : { statuses: statuses.map(Number) }),
      ...(rest.path === '' ? {} : rest),
    },
  }
}
