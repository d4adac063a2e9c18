import { expect, it } from 'vitest'
import { matching, recent } from './sorted'

const some = ['Wiki', 'Desk', 'Mail', 'Wage slips', 'Board'].map((name, i) => ({
  name,
  description: name === 'Mail' ? 'Letters of the WIKI' : '',
  entered_at: i > 1 ? `2030-05-2${i}T08:00:00Z` : undefined,
}))

it('finds by name and description', () => {
  expect(matching(some, ' wi').map((a) => a.name)).toEqual(['Wiki', 'Mail'])
  expect(matching(some, '')).toHaveLength(5)
})

it('tells what was entered last, unless there is little', () => {
  expect(recent(some).map((a) => a.name)).toEqual(['Board', 'Wage slips', 'Mail'])
  expect(recent(some.slice(1))).toEqual([])
})
