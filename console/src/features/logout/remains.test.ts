import { expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { byOf, remains, stateOf } from './remains'

const report = (...states: string[]) => ({ notices: states.map((state) => ({ state }) as Schemas['SessionNotice']) })

it.each([
  [[], 'nothing'],
  [['delivered'], 'nothing'],
  [['delivered', 'not_asked'], 'not_asked'],
  [['pending', 'not_asked'], 'pending'],
  [['delivered', 'pending', 'failed'], 'failed'],
])('of %j remains %s', (states, want) => expect(remains(report(...states))).toBe(want))

it('knows no words but those of the server', () => {
  expect([stateOf('delivered'), stateOf(''), stateOf('new')]).toEqual(['delivered', 'live', 'live'])
  expect([byOf('person'), byOf(''), byOf('new')]).toEqual(['person', undefined, undefined])
})
