import type { RouteObject } from 'react-router'
import { Component as Applications } from '../features/centre/applications'
import { Loading } from '../ui/parts'
import { CentreFrame } from './centreFrame'
import { Broken, Missing } from './states'

/** Every address of the user centre. Its first page comes with it, the others when they are opened. */
export const centreRoutes: RouteObject[] = [
  {
    Component: CentreFrame,
    errorElement: <Broken />,
    HydrateFallback: Loading,
    children: [
      { index: true, Component: Applications },
      { path: 'my/requests', lazy: async () => ({ Component: (await import('../features/centre/requests')).Component }) },
      { path: 'my/approvals', lazy: async () => ({ Component: (await import('../features/centre/approvals')).Component }) },
      { path: 'my/rooms/:id?', lazy: async () => ({ Component: (await import('../features/centre/rooms')).Component }) },
      { path: 'my/contacts/:id?', lazy: async () => ({ Component: (await import('../features/centre/contacts')).Component }) },
      { path: 'my/account', lazy: async () => ({ Component: (await import('../features/centre/account')).Component }) },
      { path: 'my/devices', lazy: async () => ({ Component: (await import('../features/centre/devices')).Component }) },
      { path: 'my/sign-ins', lazy: async () => ({ Component: (await import('../features/centre/signins')).Component }) },
      { path: '*', Component: Missing },
    ],
  },
]
