import { useTranslation } from 'react-i18next'
import { seatsOf } from './sorted'

/** For how many participants. */
export function Size({ size }: { size: string }) {
  const { t } = useTranslation()
  const seats = seatsOf(size)
  return seats === undefined ? size : t('rooms.seats', { count: seats })
}
