import { describe, expect, it } from 'vitest'
import { mailOf, typedMail } from './mail'

const unset = { host: '', port: 0, tls: '', username: '', from: '', password_set: false, version: 0 }
const set = {
  ...unset,
  host: 'smtp.test',
  port: 465,
  tls: 'implicit',
  username: 'box',
  from: 'a@smtp.test',
  password_set: true,
  version: 2,
}

describe('the settings of mails', () => {
  it('begin with the usual port', () => expect(typedMail(unset)).toMatchObject({ port: '587', tls: 'starttls' }))
  it('leave the password that is set alone', () => {
    expect(mailOf(typedMail(set))).toEqual({ host: 'smtp.test', port: 465, tls: 'implicit', username: 'box', from: 'a@smtp.test' })
  })
  it('send one that was typed', () => expect(mailOf({ ...typedMail(set), password: 'new' })).toMatchObject({ password: 'new' }))
  it('remove it with the name', () => expect(mailOf({ ...typedMail(set), username: '', password: 'x' })).toMatchObject({ password: '' }))
})
