import { useState } from 'react'
import { Button } from './button'
import { ProblemNotice } from './parts'

interface Props {
  label: string
  act: () => Promise<unknown>
  look?: 'first' | 'second'
}

/** A button that does its work at once. A refusal is told where the button is. */
export function ActionButton({ label, act, look = 'second' }: Props) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const go = async () => {
    setBusy(true)
    setError(null)
    try {
      await act()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button look={look} busy={busy} onPress={() => void go()}>
        {label}
      </Button>
      <ProblemNotice error={error} />
    </>
  )
}
