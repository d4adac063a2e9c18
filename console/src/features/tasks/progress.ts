import type { Schemas } from '../../api/client'

export type Task = Schemas['Task']

/** How often a task that goes on is asked for, in milliseconds. */
export const pace = 1000

/** Whether there is still something to wait for. */
export function goesOn(task: Pick<Task, 'status'>): boolean {
  return task.status === 'waiting' || task.status === 'running'
}

/** How much of a task is done, from 0 to 100; undefined while nobody knows how much there is. */
export function share({ done, total }: Task['progress']): number | undefined {
  return total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : undefined
}

/** Whether a task brings something in. */
export function isImport(task: Pick<Task, 'kind'>): boolean {
  return task.kind.startsWith('import')
}

/** What a task is about. */
export function aboutOf(task: Pick<Task, 'kind'>): 'members' | 'contacts' {
  return task.kind.endsWith('contacts') ? 'contacts' : 'members'
}
