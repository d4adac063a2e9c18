import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page'
import { Totals } from '../resources/totals'

/** What was granted to all enterprises together, and what of it is used. */
export function Component() {
  const { t } = useTranslation()
  return (
    <Page title={t('resources.title')}>
      <p className="help">{t('resources.everywhere')}</p>
      <Totals />
    </Page>
  )
}
