import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Form } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'
import { problemOf } from '../api/problem'
import { Button } from './button'
import { ConfirmLeave } from './leave'
import { ProblemNotice } from './parts'

/** What somebody types into a form, beside what was there. */
export interface Draft<T> {
  values: T
  dirty: boolean
  set: <K extends keyof T>(name: K, value: T[K]) => void
  /** What a field needs to show one of the values and to change it. */
  at: <K extends keyof T & string>(name: K) => { name: K; value: T[K]; onChange: (value: T[K]) => void }
  /** Those values alone that are others than before, for a change that leaves the rest. */
  changed: () => Partial<T>
  reset: (values: T) => void
}

export function useDraft<T extends object>(initial: T): Draft<T> {
  const [before, setBefore] = useState(initial)
  const [values, setValues] = useState(initial)
  const differs = (name: keyof T) => JSON.stringify(values[name]) !== JSON.stringify(before[name])
  const names = Object.keys(values) as (keyof T)[]
  const set: Draft<T>['set'] = (name, value) => setValues((now) => ({ ...now, [name]: value }))
  return {
    values,
    dirty: names.some(differs),
    set,
    at: (name) => ({ name, value: values[name], onChange: (value) => set(name, value) }),
    changed: () => Object.fromEntries(names.filter(differs).map((name) => [name, values[name]])) as Partial<T>,
    reset: (next) => {
      setBefore(next)
      setValues(next)
    },
  }
}

interface FormFrameProps {
  /** Whether something was typed that is not saved: leaving asks first. */
  dirty: boolean
  /** Sends what was typed; false tells that nothing was saved by it, so that leaving still asks. */
  submit: () => Promise<unknown>
  verb: string
  children: ReactNode
  /** Further buttons: *Try it* is the second one beside *Save*. */
  more?: ReactNode
  onCancel?: () => void
  /** Whether there is enough to be sent. */
  ready?: boolean
}

/** A form in one column. What the server says of a field stands at the field, the rest above the buttons. */
export function FormFrame({ dirty, submit, verb, children, more, onCancel, ready = true }: FormFrameProps) {
  const { t } = useTranslation()
  const frame = useRef<HTMLFormElement>(null)
  const saved = useRef(false)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const blocker = useBlocker(() => dirty && !saved.current)
  useEffect(() => {
    if (!dirty) return
    saved.current = false
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
  useEffect(() => {
    // What was wrong is gone with the first letter: gone with the press of the button, it would move the button away.
    const form = frame.current
    // After the letter has arrived: a field that is drawn anew before would lose it.
    const forget = () => void setTimeout(() => setError(null))
    form?.addEventListener('input', forget)
    return () => form?.removeEventListener('input', forget)
  }, [])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    saved.current = true
    try {
      if ((await submit()) === false) saved.current = false
    } catch (e) {
      saved.current = false
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const fields = error ? problemOf(error).fields : {}
  const shown =
    error && frame.current ? Object.keys(fields).filter((name) => frame.current?.querySelector(`[name="${CSS.escape(name)}"]`)) : []
  useEffect(() => {
    // The first field that something is wrong with is where to go on.
    if (error) frame.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])
  return (
    <Form ref={frame} className="form" validationErrors={fields} validationBehavior="aria" onSubmit={(event) => void send(event)}>
      {children}
      <ProblemNotice error={error} shown={shown} />
      <div className="actions">
        <Button look="first" type="submit" busy={busy} isDisabled={!ready}>
          {verb}
        </Button>
        {more}
        {onCancel ? <Button onPress={onCancel}>{t('common.cancel')}</Button> : null}
      </div>
      {blocker.state === 'blocked' ? <ConfirmLeave stay={blocker.reset} leave={blocker.proceed} /> : null}
    </Form>
  )
}
