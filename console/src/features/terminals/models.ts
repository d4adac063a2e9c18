import { $api, type Schemas } from '../../api/client'

export type Model = Schemas['TerminalModel']

/** The models of terminals that there are, which no organisation changes. */
export function useModels() {
  const { data } = $api.useQuery('get', '/api/v1/terminal-models', {}, { staleTime: Number.POSITIVE_INFINITY })
  const list = data?.items ?? []
  return { list, of: (name: string): Model | undefined => list.find((m) => m.name === name) }
}
