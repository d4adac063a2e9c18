import type { ReactNode } from 'react'
import { Button as Base, Link as BaseLink, type ButtonProps } from 'react-aria-components'

type Look = 'first' | 'second' | 'quiet' | 'danger'

/** A button says a verb. While its work is under way it stays focusable and tells so. */
export function Button({ look = 'second', busy, ...rest }: ButtonProps & { look?: Look; busy?: boolean }) {
  return <Base {...rest} isPending={busy} className={`button ${look}`} />
}

/** A way to another address that looks like a button. */
export function ButtonLink({ look = 'second', href, children }: { look?: Look; href: string; children: ReactNode }) {
  return (
    <BaseLink href={href} className={`button ${look}`}>
      {children}
    </BaseLink>
  )
}
