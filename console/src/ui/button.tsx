import type { ReactNode } from 'react'
import { Button as Base, Link as BaseLink, type ButtonProps } from 'react-aria-components'

type Look = 'first' | 'second' | 'quiet' | 'danger'

/**
 * A button says a verb. While its work is under way it stays focusable and does nothing. (The controls' own isPending
 * announces by the label of the button, which mostly is gone by then.) A button that submits leaves the focus where it
 * is: a field that is left hides what was wrong with it, and the button would move away from under the pointer.
 */
export function Button({ look = 'second', busy, type, onPress, ...rest }: ButtonProps & { look?: Look; busy?: boolean }) {
  return (
    <Base
      {...rest}
      type={busy ? 'button' : type}
      onPress={busy ? undefined : onPress}
      preventFocusOnPress={type === 'submit'}
      className={`button ${look}${busy ? ' pending' : ''}`}
    />
  )
}

/** A way to another address that looks like a button. */
export function ButtonLink({ look = 'second', href, children }: { look?: Look; href: string; children: ReactNode }) {
  return (
    <BaseLink href={href} className={`button ${look}`}>
      {children}
    </BaseLink>
  )
}
