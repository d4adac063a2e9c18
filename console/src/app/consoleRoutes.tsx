import type { RouteObject } from 'react-router'
import { Loading } from '../ui/parts'
import { ConsoleFrame, OrganizationFrame, Start } from './frame'
import { ProviderFrame } from './provider'
import { Broken, Missing } from './states'

type View = { Component: React.ComponentType }

/** A view that is fetched when it is first opened. */
const view = (path: string, load: () => Promise<View>): RouteObject => ({
  path,
  lazy: async () => ({ Component: (await load()).Component }),
})

/** A list with what is open beside it: the list stays where it is while panels open and close. */
const listed = (path: string, load: () => Promise<View>): RouteObject => view(`${path}/:id?/:part?`, load)

/** Every address below /console/. */
export const consoleRoutes: RouteObject[] = [
  {
    Component: ConsoleFrame,
    errorElement: <Broken />,
    HydrateFallback: Loading,
    children: [
      { index: true, Component: Start },
      {
        path: '-',
        Component: ProviderFrame,
        children: [
          { ...view('', () => import('../features/provider/home')), index: true, path: undefined } as RouteObject,
          listed('enterprises', () => import('../features/provider/enterprises')),
          listed('quota-requests', () => import('../features/provider/quotas')),
          view('resources', () => import('../features/provider/resources')),
          listed('administrators', () => import('../features/provider/administrators')),
          listed('app-ids', () => import('../features/appids/appids')),
          listed('api-tokens', () => import('../features/provider/tokens')),
          view('mail', () => import('../features/provider/mailserver')),
          view('sms', () => import('../features/provider/smsgateway')),
          view('message-limits', () => import('../features/provider/messagelimits')),
          listed('texts', () => import('../features/texts/texts')),
          listed('messages', () => import('../features/provider/messages')),
          view('general', () => import('../features/provider/general')),
          listed('privacy', () => import('../features/privacy/privacy')),
          listed('operations', () => import('../features/logs/operations')),
          listed('sign-ins', () => import('../features/logs/signins')),
          view('reports', () => import('../features/provider/reports')),
        ],
      },
      {
        path: ':org',
        Component: OrganizationFrame,
        children: [
          { ...view('', () => import('../features/home/home')), index: true, path: undefined } as RouteObject,
          listed('operations', () => import('../features/logs/operations')),
          listed('sign-ins', () => import('../features/logs/signins')),
          listed('traces', () => import('../features/logs/traces')),
          view('reports', () => import('../features/logs/reports')),
          view('requests', () => import('../features/requests/requests')),
          listed('members', () => import('../features/members/members')),
          listed('departments', () => import('../features/departments/departments')),
          listed('groups', () => import('../features/groups/groups')),
          listed('invitations', () => import('../features/invitations/invitations')),
          listed('tasks', () => import('../features/tasks/tasks')),
          listed('contacts', () => import('../features/contacts/contacts')),
          listed('terminals', () => import('../features/terminals/terminals')),
          listed('activation-codes', () => import('../features/activations/activations')),
          listed('rooms', () => import('../features/rooms/rooms')),
          listed('resources', () => import('../features/resources/resources')),
          listed('organization', () => import('../features/organization/organization')),
          listed('attributes', () => import('../features/attributes/attributes')),
          listed('domains', () => import('../features/domains/domains')),
          listed('privacy', () => import('../features/privacy/privacy')),
          listed('texts', () => import('../features/texts/texts')),
          listed('applications', () => import('../features/applications/applications')),
          listed('app-ids', () => import('../features/appids/appids')),
          listed('regions', () => import('../features/regions/regions')),
          listed('sources', () => import('../features/sources/sources')),
          view('certificates', () => import('../features/certificates/certificates')),
          view('sso', () => import('../features/sso/sso')),
          listed('webhooks', () => import('../features/webhooks/webhooks')),
        ],
      },
      { path: '*', Component: Missing },
    ],
  },
]
