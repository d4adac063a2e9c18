import type { Schemas } from '../../api/client'

/** The form of a new enterprise: its names are the paths of the server's fields. */
export const blank = {
  name: '',
  code: '',
  domain: '',
  members: '',
  has_owner: true,
  'owner.name': '',
  'owner.account': '',
  'owner.email': '',
  'owner.mobile': '',
  'owner.password': '',
  'owner.must_change_password': true,
}

/** A new enterprise as it was typed. What was left empty the server makes or does without. */
export function madeOf(typed: typeof blank): Schemas['NewOrganization'] {
  const { name, members, has_owner, ...rest } = typed
  const own = (owner: boolean) =>
    Object.fromEntries(
      Object.entries(rest)
        .filter(([field, value]) => value !== '' && field.startsWith('owner.') === owner)
        .map(([field, value]) => [field.replace('owner.', ''), value]),
    )
  return {
    ...own(false),
    name,
    ...(members === '' ? {} : { limits: { members: Number(members) } }),
    // Whoever has a mail address signs in by it; nobody types an account that was drawn.
    ...(has_owner
      ? { owner: { ...(typed['owner.email'] ? { account: typed['owner.email'] } : {}), ...own(true), name: typed['owner.name'] } }
      : {}),
  }
}
