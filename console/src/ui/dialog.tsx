import { type ReactNode, useId, useState } from 'react'
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { TextInput } from './fields'
import { ProblemNotice } from './parts'

interface QuestionProps {
  /** The verb of the answer. */
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

/** What stands in the window of a question. A refusal is told in it. */
function Question({ verb, title, children, act, typed, look = 'danger', disabled, close }: QuestionProps & { close: () => void }) {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const doit = async () => {
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
          isDisabled={disabled || (Boolean(typed) && word !== typed)}
          onPress={() => void doit()}
        >
          {verb}
        </Button>
      </div>
    </>
  )
}

/** A button that does its work after a question. */
export function ConfirmButton({ disabled, ...question }: QuestionProps) {
  return (
    <DialogTrigger>
      <Button look={question.look ?? 'danger'} isDisabled={disabled}>
        {question.verb}
      </Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            {({ close }) => <Question {...question} close={close} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}

/** The same question where something else than a button asked it. Its answer can be held back until it can be given. */
export function ConfirmDialog({ onClose, ...question }: QuestionProps & { onClose: () => void }) {
  return (
    <ModalOverlay className="veil" isDismissable isOpen onOpenChange={onClose}>
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Question {...question} close={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
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
