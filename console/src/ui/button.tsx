import { type ReactNode, useEffect, useRef } from 'react'
import { Button as Base, Link as BaseLink, type ButtonProps } from 'react-aria-components'

type Look = 'first' | 'second' | 'quiet' | 'danger'

/**
 * A button says a verb. While its work is under way it stays focusable and does nothing. (The controls' own isPending
 * announces by the label of the button, which mostly is gone by then.)
 */
export function Button({ look = 'second', busy, type, onPress, ...rest }: ButtonProps & { look?: Look; busy?: boolean }) {
  const own = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // What sends a form leaves the focus where it is: a field that is left hides what was wrong with it, and the button
    // would move away from under the pointer before it is let go.
    const stay = (event: MouseEvent) => event.preventDefault()
    const button = own.current
    if (type === 'submit') button?.addEventListener('mousedown', stay)
    return () => button?.removeEventListener('mousedown', stay)
  }, [type])
  return (
    <Base
      {...rest}
      ref={own}
      type={busy ? 'button' : type}
      onPress={busy ? undefined : onPress}
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
