import { useInfiniteQuery } from '@tanstack/react-query'
import { api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'

export type Department = Schemas['Department']

export interface Branch extends Department {
  below: Branch[]
}

/** Departments as a tree: each with those directly below it, in their order. Where one above is not seen, it stands on top. */
export function treeOf(list: readonly Department[]): Branch[] {
  const branches = new Map(list.map((d) => [d.code, { ...d, below: [] as Branch[] }]))
  const top: Branch[] = []
  for (const branch of branches.values()) (branches.get(branch.parent)?.below ?? top).push(branch)
  const sort = (row: Branch[]) => {
    row.sort((a, b) => a.sort_level - b.sort_level || a.name.localeCompare(b.name))
    for (const branch of row) sort(branch.below)
  }
  sort(top)
  return top
}

/** A tree as a list: whoever is below follows at once. */
export function flat(tree: readonly Branch[]): Branch[] {
  return tree.flatMap((branch) => [branch, ...flat(branch.below)])
}

/** Whether a department is another one, or below it: none can be moved there. */
export function within(department: Department, other: Department): boolean {
  return department.path.startsWith(other.path)
}

/** The departments of the organisation, in the order of the tree, read page by page. */
export function useDepartments() {
  const { org } = useOrg()
  const path = '/api/v1/organizations/{org}/departments'
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['get', path, 'all', org],
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await api.GET(path, { params: { path: { org }, query: { limit: 200, cursor } }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page?.next,
  })
  if (hasNextPage && !isFetching) void fetchNextPage()
  const tree = treeOf(data?.pages.flatMap((page) => page?.items ?? []) ?? [])
  const list = flat(tree)
  return {
    tree,
    list,
    error,
    ready: Boolean(data) && !hasNextPage,
    name: (code: string) => list.find((d) => d.code === code)?.name ?? code,
  }
}
