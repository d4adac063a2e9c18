import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import type { Words } from '../i18n'
import { Frame, type Group, Nothing } from './frame'
import { providerHome } from './scope'
import { useMe } from './session'

/** The groups of the navigation of who runs the installation. */
function groupsOf(t: Words): Group[] {
  const at = (path: string) => `${providerHome}/${path}`
  return [
    { icon: 'home', title: t('nav.start'), pages: [{ to: providerHome, title: t('nav.home'), whole: true }] },
    {
      icon: 'building',
      title: t('enterprises.title'),
      pages: [
        { to: at('enterprises'), title: t('enterprises.title') },
        { to: at('quota-requests'), title: t('quotas.title') },
        { to: at('resources'), title: t('resources.title') },
      ],
    },
    {
      icon: 'key',
      title: t('nav.access'),
      pages: [
        { to: at('administrators'), title: t('providers.title') },
        { to: at('app-ids'), title: t('appids.title') },
        { to: at('api-tokens'), title: t('tokens.title') },
      ],
    },
    {
      icon: 'mail',
      title: t('nav.messages'),
      pages: [
        { to: at('mail'), title: t('mail.title') },
        { to: at('sms'), title: t('sms.title') },
        { to: at('message-limits'), title: t('limits.title') },
        { to: at('texts'), title: t('texts.title') },
        { to: at('messages'), title: t('messages.title') },
      ],
    },
    {
      icon: 'settings',
      title: t('nav.settings'),
      pages: [
        { to: at('general'), title: t('general.title') },
        { to: at('privacy'), title: t('privacy.title') },
      ],
    },
    {
      icon: 'log',
      title: t('nav.logs'),
      pages: [
        { to: at('sign-ins'), title: t('logs.sign_ins') },
        { to: at('operations'), title: t('logs.operations') },
        { to: at('reports'), title: t('reports.title') },
      ],
    },
  ]
}

/** The installation, for who runs it: the frame around each of its pages. */
export function ProviderFrame() {
  const { t } = useTranslation()
  const me = useMe()
  if (me.kind !== 'provider')
    return (
      <Frame groups={[]}>
        <Nothing />
      </Frame>
    )
  return (
    <Frame name={t('provider.title')} groups={groupsOf(t)}>
      <Outlet />
    </Frame>
  )
}
