import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { RouterProvider as AriaRouter, I18nProvider } from 'react-aria-components'
import { createRoot } from 'react-dom/client'
import { type NavigateOptions, useHref, useNavigate } from 'react-router'
import { newQueries } from '../api/queries'
import { pageLanguage, startWords } from '../i18n'
import '../ui/ui.css'

declare module 'react-aria-components' {
  interface RouterConfig {
    routerOptions: NavigateOptions
  }
}

/** Has the links of all controls go through the router, which knows its own base. */
export function Ways({ children }: { children: ReactNode }) {
  const navigate = useNavigate()
  return (
    <AriaRouter navigate={(to, options) => void navigate(to, options)} useHref={useHref}>
      {children}
    </AriaRouter>
  )
}

/** Draws an application into its page. */
export async function start(application: ReactNode) {
  // Language and theme that came in the address are remembered by now; the address goes on without them.
  const here = new URL(location.href)
  here.searchParams.delete('lang')
  here.searchParams.delete('theme')
  history.replaceState(history.state, '', here)
  await startWords()
  const root = document.getElementById('app')
  if (!root) throw new Error('the page has no #app')
  createRoot(root).render(
    <I18nProvider locale={pageLanguage()}>
      <QueryClientProvider client={newQueries()}>{application}</QueryClientProvider>
    </I18nProvider>,
  )
}
