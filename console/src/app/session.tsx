import { createContext, type ReactNode, useContext } from 'react'
import { $api, remember, type Schemas } from '../api/client'
import { Loading, Refused } from '../ui/parts'

type Me = Schemas['Me']

const Session = createContext<Me | null>(null)

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(Session)
  if (!me) throw new Error('there is no session around this')
  return me
}

/** Draws what needs a session; who has none is led to sign in by the client. */
export function SessionFrame({ children }: { children: ReactNode }) {
  const { data, error } = $api.useQuery('get', '/api/v1/me', {}, { staleTime: 60_000 })
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  remember(data.csrf_token)
  return <Session.Provider value={data}>{children}</Session.Provider>
}

/** Whether somebody finds anything in the management centre. */
export function administers(me: Me): boolean {
  return me.kind === 'provider' || (me.role !== undefined && me.role !== '' && me.role !== 'member')
}
