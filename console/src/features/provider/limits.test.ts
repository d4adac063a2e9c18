import { describe, expect, it } from 'vitest'
import { limitsOf, typedLimits } from './limits'

describe('the limits of messages', () => {
  it('are empty where the usual one holds', () => {
    const typed = typedLimits({ recipient_10_minutes: 0, sms_day: -1, sms_hour: 40 })
    expect(typed).toMatchObject({ recipient_10_minutes: '', recipient_day: '', sms_day: '-1', sms_hour: '40' })
  })
  it('come back as they went', () => {
    const typed = typedLimits({ sms_day: -1, organization_hour: 7 })
    expect(limitsOf(typed)).toEqual({
      recipient_10_minutes: 0,
      recipient_day: 0,
      organization_hour: 7,
      organization_day: 0,
      sms_hour: 0,
      sms_day: -1,
    })
  })
})
