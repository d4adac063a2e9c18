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

/** What fits a search, with all that stands above it, so that it is seen where it belongs. */
export function narrowed(tree: readonly Branch[], text: string): Branch[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted) return [...tree]
  return tree.flatMap((branch) => {
    const below = narrowed(branch.below, wanted)
    const fits = branch.name.toLowerCase().includes(wanted) || branch.code.toLowerCase().includes(wanted)
    return fits || below.length > 0 ? [{ ...branch, below }] : []
  })
}

/** Which departments are drawn open where nobody chose: the upper two levels, and the way to the one that is looked at. */
export function opened(list: readonly Department[], open: string): string[] {
  const way = list.find((d) => d.code === open)?.path.split('/') ?? []
  return list.filter((d) => d.level <= 2 || way.includes(d.code)).map((d) => d.code)
}

/** Below which others a department can be moved: not below itself, and not where it stands already. */
export function targetsOf(department: Department, list: readonly Department[]): Department[] {
  return list.filter((d) => !within(d, department) && d.code !== department.parent)
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
