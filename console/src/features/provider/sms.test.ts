import { describe, expect, it } from 'vitest'
import { headersOf, smsOf, typedSMS } from './sms'

const signed = { url: 'https://gateway.test/sms', secret_set: true, version: 1 }
const own = {
  ...signed,
  http: {
    method: 'POST' as const,
    headers: ['Authorization'],
    body: '{"n": "{mobile}"}',
    encoding: 'json' as const,
    statuses: [200, 202],
    path: 'result.code',
    value: '0',
  },
}

describe('the settings of short messages', () => {
  it('keep the secret that is set', () => expect(smsOf(typedSMS(signed))).toEqual({ url: signed.url }))
  it('send a secret that was typed', () => expect(smsOf({ ...typedSMS(signed), secret: 'x' })).toEqual({ url: signed.url, secret: 'x' }))
  it('keep headers that are set and all that was told', () => {
    expect(smsOf(typedSMS(own))).toEqual({
      url: own.url,
      http: { method: 'POST', body: own.http.body, encoding: 'json', statuses: [200, 202], path: 'result.code', value: '0' },
    })
  })
  it('have no body in a GET', () => {
    expect(smsOf({ ...typedSMS(own), 'http.method': 'GET', 'http.statuses': '', 'http.path': '' }).http).toEqual({ method: 'GET' })
  })
  it('read headers a line', () => {
    expect(headersOf(' Authorization: Bearer a:b\n\nX-Key:1\nodd')).toEqual({ Authorization: 'Bearer a:b', 'X-Key': '1', odd: '' })
  })
})
