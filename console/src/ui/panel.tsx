import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button } from './button'
import { Icon } from './icons'
import { Loading, Refused } from './parts'

/** What is open beside a list, with an address of its own. Escape and the cross lead back to the list. */
export function Panel({ title, back, children, about }: { title: string; back: string; children: ReactNode; about?: ReactNode }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  // Whoever opens a panel goes on in it, also who hears it read.
  useEffect(() => heading.current?.focus(), [])
  const close = () => void navigate(back)
  return (
    <section
      className="panel"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close()
      }}
    >
      <header className="panel-head">
        <div>
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {about}
        </div>
        <Button look="quiet" onPress={close} aria-label={t('common.close')}>
          <Icon name="close" />
        </Button>
      </header>
      {children}
    </section>
  )
}

/** A panel whose content is still on its way, or was refused. */
export function PanelWaiting({ title, back, error }: { title: string; back: string; error: unknown }) {
  return (
    <Panel title={title} back={back}>
      {error ? <Refused error={error} /> : <Loading />}
    </Panel>
  )
}
