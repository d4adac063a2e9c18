import { type ReactNode, useId, useState } from 'react'
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { TextInput } from './fields'
import { ProblemNotice } from './parts'

interface ConfirmProps {
  /** The button that asks, and the verb of the answer. */
  verb: string
  title: string
  /** What will be, with numbers. */
  children: ReactNode
  act: () => Promise<unknown>
  /** What has to be typed first, where it cannot be undone. */
  typed?: string
  look?: 'second' | 'danger' | 'quiet'
  disabled?: boolean
}

/** A button that does its work after a question. A refusal is told in the question. */
export function ConfirmButton({ verb, title, children, act, typed, look = 'danger', disabled }: ConfirmProps) {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const doit = async (close: () => void) => {
    setBusy(true)
    setError(null)
    try {
      await act()
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <DialogTrigger
      onOpenChange={() => {
        setWord('')
        setError(null)
      }}
    >
      <Button look={look} isDisabled={disabled}>
        {verb}
      </Button>
      <ModalOverlay className="veil" isDismissable={!busy}>
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            {({ close }) => (
              <>
                <Heading slot="title">{title}</Heading>
                <div className="dialog-body">{children}</div>
                {typed ? <TextInput name="typed" label={t('common.type_name', { name: typed })} value={word} onChange={setWord} /> : null}
                <ProblemNotice error={error} />
                <div className="actions">
                  <Button onPress={close} isDisabled={busy}>
                    {t('common.cancel')}
                  </Button>
                  <Button
                    look={look === 'danger' ? 'danger' : 'first'}
                    busy={busy}
                    isDisabled={Boolean(typed) && word !== typed}
                    onPress={() => void doit(close)}
                  >
                    {verb}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}

/** A part of a page that has a name. */
export function Section({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  const id = useId()
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}
