import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Navigate, NavLink, Outlet, useLocation, useParams } from 'react-router'
import { $api } from '../api/client'
import type { Words } from '../i18n'
import { Button } from '../ui/button'
import { Icon, type IconName, Mark } from '../ui/icons'
import { Page } from '../ui/page'
import { Loading, Refused } from '../ui/parts'
import { SaidFrame } from '../ui/said'
import { Administered, type Organization } from './organization'
import { Places } from './places'
import { Preferences } from './preferences'
import { providerHome } from './scope'
import { administers, SessionFrame, useMe } from './session'
import { Ways } from './start'

export interface Group {
  icon: IconName
  title: string
  /** A hosted page is drawn by the server: the browser goes there whole. */
  pages: { to: string; title: string; whole?: boolean; hosted?: boolean }[]
}

/** The groups of the navigation of an organisation. */
function groupsOf(t: Words, organization: Organization, provider: boolean): Group[] {
  const at = (path: string) => `/${organization.code}${path ? `/${path}` : ''}`
  return [
    {
      icon: 'home',
      title: t('nav.start'),
      pages: [{ to: at(''), title: t('nav.home'), whole: true }, ...(provider ? [{ to: providerHome, title: t('provider.title') }] : [])],
    },
    {
      icon: 'people',
      title: t('nav.people'),
      pages: [
        { to: at('members'), title: t('members.title') },
        { to: at('departments'), title: t('departments.title') },
        { to: at('groups'), title: t('groups.title') },
        { to: at('invitations'), title: t('invitations.title') },
        { to: at('contacts'), title: t('contacts.title') },
        { to: at('tasks'), title: t('tasks.title') },
      ],
    },
    {
      icon: 'apps',
      title: t('nav.applications'),
      pages: [
        { to: at('applications'), title: t('nav.applications') },
        { to: at('app-ids'), title: t('appids.title') },
        { to: at('webhooks'), title: t('webhooks.title') },
      ],
    },
    {
      icon: 'door',
      title: t('nav.sign_in'),
      pages: [
        { to: at('sources'), title: t('nav.sources') },
        { to: at('sso'), title: t('nav.sso') },
        { to: at('regions'), title: t('regions.title') },
        { to: at('certificates'), title: t('ends.title') },
      ],
    },
    { icon: 'inbox', title: t('nav.requests'), pages: [{ to: at('requests'), title: t('nav.requests') }] },
    {
      icon: 'box',
      title: t('nav.resources'),
      pages: [
        { to: at('terminals'), title: t('terminals.title') },
        { to: at('activation-codes'), title: t('activations.title') },
        { to: at('rooms'), title: t('rooms.title') },
        { to: at('resources'), title: t('resources.title') },
      ],
    },
    {
      icon: 'log',
      title: t('nav.logs'),
      pages: [
        { to: at('traces'), title: t('nav.traces') },
        { to: at('sign-ins'), title: t('logs.sign_ins') },
        { to: at('operations'), title: t('logs.operations') },
        { to: at('reports'), title: t('reports.title') },
      ],
    },
    {
      icon: 'settings',
      title: t('nav.settings'),
      pages: [
        { to: at('organization'), title: t('organization.title') },
        { to: at('attributes'), title: t('attributes.title') },
        { to: at('domains'), title: t('domains.title') },
        { to: at('privacy'), title: t('privacy.title') },
        { to: at('texts'), title: t('texts.title') },
      ],
    },
  ]
}

function Navigation({ groups }: { groups: Group[] }) {
  const { t } = useTranslation()
  return (
    <nav className="navigation" aria-label={t('nav.label')}>
      {groups.map((group) => (
        <div key={group.title} className="nav-group">
          <h2>
            <Icon name={group.icon} />
            {group.title}
          </h2>
          <ul>
            {group.pages.map((page) => (
              <li key={page.to}>
                {page.hosted ? (
                  <a href={`/console${page.to}`}>{page.title}</a>
                ) : (
                  <NavLink to={page.to} end={page.whole ?? false}>
                    {page.title}
                  </NavLink>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

/** Top, navigation and the view. On a telephone the navigation opens by a button. */
export function Frame({ name, groups, children }: { name?: string; groups: Group[]; children: ReactNode }) {
  const { t } = useTranslation()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: wherever somebody went, they have chosen
  useEffect(() => setOpen(false), [pathname])
  return (
    <div className={open ? 'frame nav-open' : 'frame'}>
      <a className="skip" href="#view">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Button look="quiet" aria-label={t('nav.menu')} aria-expanded={open} onPress={() => setOpen(!open)}>
          <Icon name="menu" />
        </Button>
        <Link className="brand" href="/">
          <Mark />
          Orgate
        </Link>
        {name ? <span className="top-name">{name}</span> : null}
        <span className="top-me">{me.name}</span>
        <Places />
        <a className="button quiet" href="/">
          {t('nav.centre')}
        </a>
        <a className="button quiet" href="/logout">
          {t('nav.sign_out')}
        </a>
      </header>
      <aside className="side">
        <Navigation groups={groups} />
        <Preferences />
      </aside>
      <main className="view" id="view" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** The management centre around every view. */
export function ConsoleFrame() {
  return (
    <Ways>
      <SessionFrame>
        <SaidFrame>
          <Outlet />
        </SaidFrame>
      </SessionFrame>
    </Ways>
  )
}

/** What belongs to one organisation. */
export function OrganizationFrame() {
  const { t } = useTranslation()
  const me = useMe()
  const { org = '' } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}', { params: { path: { org } } })
  if (error)
    return (
      <Frame groups={[]}>
        <Page title={t('nav.label')}>
          <Refused error={error} />
        </Page>
      </Frame>
    )
  if (!data) return <Loading />
  // Everybody may read what their organisation is called; that is nothing to administer.
  if (!administers(me))
    return (
      <Frame groups={[]}>
        <Nothing />
      </Frame>
    )
  return (
    <Administered.Provider value={data}>
      <Frame name={data.name} groups={groupsOf(t, data, me.kind === 'provider')}>
        <Outlet />
      </Frame>
    </Administered.Provider>
  )
}

/** Where the management centre begins: the installation for who runs it, else one's own organisation. */
export function Start() {
  const me = useMe()
  if (me.kind === 'provider') return <Navigate to={providerHome} replace />
  if (!me.organization_id)
    return (
      <Frame groups={[]}>
        <Nothing />
      </Frame>
    )
  return <OwnOrganization id={me.organization_id} />
}

/** Said to who finds nothing here that is theirs. */
export function Nothing() {
  const { t } = useTranslation()
  return (
    <section className="state">
      <h1>{t('home.nothing')}</h1>
      <p>{t('home.nothing_text')}</p>
    </section>
  )
}

function OwnOrganization({ id }: { id: string }) {
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}', { params: { path: { org: id } } })
  if (error)
    return (
      <Frame groups={[]}>
        <Nothing />
      </Frame>
    )
  return data ? <Navigate to={`/${data.code}`} replace /> : <Loading />
}
