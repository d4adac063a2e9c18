import { Link } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet } from 'react-router'
import { Mark } from '../ui/icons'
import { SaidFrame } from '../ui/said'
import { Places } from './places'
import { Preferences } from './preferences'
import { administers, SessionFrame, useMe } from './session'
import { Ways } from './start'

/** The user centre around every view. */
export function CentreFrame() {
  return (
    <Ways>
      <SessionFrame>
        <SaidFrame>
          <Frame />
        </SaidFrame>
      </SessionFrame>
    </Ways>
  )
}

function Frame() {
  const { t } = useTranslation()
  const me = useMe()
  const pages = [
    ['/', t('centre.applications')],
    ['/my/requests', t('centre.requests')],
    ...(administers(me) ? [['/my/approvals', t('centre.approvals')] as const] : []),
    ...(me.member_id ? [['/my/rooms', t('rooms.title')] as const, ['/my/contacts', t('mycontacts.title')] as const] : []),
    ['/my/account', t('centre.account')],
    ['/my/devices', t('centre.devices')],
    ['/my/sign-ins', t('centre.sign_ins')],
  ] as const
  return (
    <div className="centre">
      <a className="skip" href="#view">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Link className="brand" href="/">
          <Mark />
          Orgate
        </Link>
        <span className="top-me">{me.name}</span>
        <Places />
        {administers(me) ? (
          <a className="button quiet" href="/console/">
            {t('nav.label')}
          </a>
        ) : null}
        <form method="post" action="/logout">
          <input type="hidden" name="csrf_token" value={me.csrf_token ?? ''} />
          <button type="submit" className="button quiet">
            {t('nav.sign_out')}
          </button>
        </form>
      </header>
      <nav className="centre-nav" aria-label={t('nav.centre')}>
        <ul>
          {pages.map(([to, title]) => (
            <li key={to}>
              <NavLink to={to} end={to === '/'}>
                {title}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <main className="view" id="view" tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="foot">
        <Preferences />
      </footer>
    </div>
  )
}
