import { createBrowserRouter, RouterProvider } from 'react-router'
import { centreRoutes } from './centreRoutes'
import { start } from './start'

void start(<RouterProvider router={createBrowserRouter(centreRoutes)} />)
