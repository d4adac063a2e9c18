import type { Schemas } from '../../api/client'

/** How the way to the server is protected, the best first. */
export const protections = ['starttls', 'implicit', 'none'] as const

/** The settings of mails as a form holds them. The password is never told, so the field begins empty. */
export function typedMail(s: Schemas['MailSettings']) {
  return {
    host: s.host,
    tls: s.tls || 'starttls',
    port: s.port ? String(s.port) : '587',
    username: s.username,
    password: '',
    from: s.from,
  }
}

/** The settings as they are sent: an empty password leaves the one that is set, and without a name there is none. */
export function mailOf(typed: ReturnType<typeof typedMail>): Schemas['MailChange'] {
  const { password, username, port, tls, ...rest } = typed
  return {
    ...rest,
    port: Number(port),
    tls: protections.find((p) => p === tls) ?? 'starttls',
    username,
    ...(username === '' ? { password: '' } : password === '' ? {} : { password }),
  }
}
