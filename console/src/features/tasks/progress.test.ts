import { describe, expect, it } from 'vitest'
import { aboutOf, goesOn, isImport, share, type Task } from './progress'

const progress = (done: number, total: number): Task['progress'] => ({ done, total, created: 0, changed: 0, unchanged: 0, refused: 0 })

describe('how far a task is', () => {
  it('is unknown before the rows are counted', () => expect(share(progress(0, 0))).toBeUndefined())
  it('is whole only when all is done', () => {
    expect(share(progress(999, 1000))).toBe(99)
    expect(share(progress(1000, 1000))).toBe(100)
    expect(share(progress(7, 5))).toBe(100)
  })
  it('is waited for until it ended, whatever the end', () => {
    expect((['waiting', 'running', 'done', 'failed', 'cancelled'] as const).filter((status) => goesOn({ status }))).toEqual([
      'waiting',
      'running',
    ])
  })
})

describe('imports and exports', () => {
  const task = (kind: Task['kind']) => ({ kind })
  it('are told apart, and what they are about', () => {
    expect([isImport(task('import_contacts')), isImport(task('export_members'))]).toEqual([true, false])
    expect([aboutOf(task('import_contacts')), aboutOf(task('export_members'))]).toEqual(['contacts', 'members'])
  })
})
