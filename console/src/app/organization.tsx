import { createContext, useContext } from 'react'
import type { Schemas } from '../api/client'

export type Organization = Schemas['Organization']

export const Administered = createContext<Organization | null>(null)

/** The organisation that a view is about. */
export function useOrganization(): Organization {
  const organization = useContext(Administered)
  if (!organization) throw new Error('there is no organisation around this')
  return organization
}

/** The beginning of every address of a view, and the parameter of every call. */
export function useOrg() {
  const { code } = useOrganization()
  return { org: code, at: (path: string) => `/${code}/${path}` }
}
