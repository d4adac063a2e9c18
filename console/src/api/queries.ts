import { MutationCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem'

/**
 * What was read is kept until something is changed: a change may show anywhere, so all that is on the page is read
 * again after it. Reading fails for good where the server refuses, and is tried again where it was not reached.
 */
export function newQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status > 0 && error.status < 500),
      },
      mutations: { retry: false },
    },
    mutationCache: new MutationCache({
      onSuccess: async () => {
        await queries.invalidateQueries()
      },
    }),
  })
  return queries
}
