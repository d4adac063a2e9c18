import { expect, it } from 'vitest'
import { ago } from './time'

const now = new Date('2030-05-20T12:00:00Z')

it.each([
  ['2030-05-20T11:59:30Z', 'en-US', 'now'],
  ['2030-05-20T11:57:00Z', 'en-US', '3 minutes ago'],
  ['2030-05-20T11:57:00Z', 'zh-CN', '3分钟前'],
  ['2030-05-20T10:00:01Z', 'en-US', '1 hour ago'],
  ['2030-05-19T12:00:00Z', 'en-US', 'yesterday'],
  ['2030-05-23T12:00:00Z', 'en-US', 'in 3 days'],
  ['2030-05-06T12:00:00Z', 'en-US', '2 weeks ago'],
  ['2028-05-01T12:00:00Z', 'zh-CN', '2年前'],
])('%s in %s is %s', (at, language, want) => {
  expect(ago(new Date(at), now, language)).toBe(want)
})
