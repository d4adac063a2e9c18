import { describe, expect, it } from 'vitest'
import { sent } from './sent'

describe('what is sent of a department', () => {
  it('has its place as a number, and none where none was typed', () => {
    expect(sent({ name: 'Pilots', sort_level: '20' }, 'all')).toEqual({ name: 'Pilots', sort_level: 20 })
    expect(sent({ sort_level: '' }, 'all')).toEqual({})
  })
  it('names departments only where it sees designated ones', () => {
    expect(sent({ sees: 'designated', designated: ['rd'] }, 'designated')).toEqual({ sees: 'designated', designated: ['rd'] })
    // Chosen, and then thought better of: the list is not shown any more, and not sent.
    expect(sent({ designated: ['rd'] }, 'own')).toEqual({})
  })
})
