import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { Moment, Tag } from '../../ui/parts'
import { codeState } from './code'

/** Whether a terminal may sign in. */
export function TerminalState({ terminal }: { terminal: Schemas['Terminal'] }) {
  const { t } = useTranslation()
  return <Tag tone={terminal.disabled ? 'bad' : 'good'}>{t(`terminals.state.${terminal.disabled ? 'disabled' : 'enabled'}`)}</Tag>
}

/** Until when an activation code can be typed at its device. */
export function CodeUntil({ endsAt }: { endsAt: string | undefined }) {
  const { t } = useTranslation()
  const state = codeState(endsAt, new Date())
  if (state === 'none') return <span className="muted">{t('terminals.no_code')}</span>
  return (
    <>
      <Tag tone={state === 'open' ? 'plain' : 'warn'}>{t(`terminals.code.${state}`)}</Tag> <Moment at={endsAt} />
    </>
  )
}
