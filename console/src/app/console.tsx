import { createBrowserRouter, RouterProvider } from 'react-router'
import { consoleRoutes } from './consoleRoutes'
import { start } from './start'

void start(<RouterProvider router={createBrowserRouter(consoleRoutes, { basename: '/console' })} />)
