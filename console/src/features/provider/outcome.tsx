import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'

/** What came of a message that was sent to try something. */
export function Outcome({ tried }: { tried: Schemas['Tried'] | null }) {
  const { t } = useTranslation()
  if (!tried) return null
  return (
    <div className={tried.sent ? 'note' : 'alert'} role="status">
      <p>{tried.sent ? t('outcome.sent') : t('outcome.not_sent')}</p>
      {tried.answer ? (
        <p className="help">
          {t('outcome.answer')} <code>{tried.answer}</code>
        </p>
      ) : null}
    </div>
  )
}
