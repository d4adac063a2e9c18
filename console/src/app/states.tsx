import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { ButtonLink } from '../ui/button'
import { Empty } from '../ui/parts'

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation()
  return (
    <Empty title={t('common.no_page')} action={<ButtonLink href="/">{t('common.home')}</ButtonLink>}>
      {t('common.no_page_text')}
    </Empty>
  )
}

/** A view that could not be drawn: mostly its file is of another version of the server, which a reload mends. */
export function Broken() {
  const { t } = useTranslation()
  const error = useRouteError()
  console.error(error)
  return (
    <main className="alone">
      <Empty
        title={t('common.broken')}
        action={
          <button type="button" className="button first" onClick={() => location.reload()}>
            {t('common.reload')}
          </button>
        }
      >
        {t('common.broken_text')}
      </Empty>
    </main>
  )
}
