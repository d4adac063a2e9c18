import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { Tag } from '../../ui/parts'

const tones = { pending: 'warn', approved: 'good', rejected: 'bad', withdrawn: 'plain' } as const

/** What became of a request. */
export function RequestState({ state, waits }: { state: Schemas['Request']['state']; waits?: boolean }) {
  const { t } = useTranslation()
  return <Tag tone={tones[state]}>{waits ? t('requests.waits') : t(`requests.state.${state}`)}</Tag>
}
