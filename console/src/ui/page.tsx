import { type ReactNode, useEffect } from 'react'

/** A page: its title says the noun, its button the verb; what is open stands beside the list. */
export function Page({
  title,
  action,
  tools,
  children,
  panel,
}: {
  title: string
  action?: ReactNode
  tools?: ReactNode
  children: ReactNode
  panel?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Orgate`
  }, [title])
  return (
    <div className={panel ? 'page with-panel' : 'page'}>
      <div className="page-main">
        <header className="page-head">
          <h1>{title}</h1>
          {action}
        </header>
        {tools ? <div className="tools">{tools}</div> : null}
        {children}
      </div>
      {panel}
    </div>
  )
}
