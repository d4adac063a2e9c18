import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button'

/** Asks before what was typed is lost. */
export function ConfirmLeave({ stay, leave }: { stay: () => void; leave: () => void }) {
  const { t } = useTranslation()
  return (
    <ModalOverlay className="veil" isOpen onOpenChange={stay}>
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">{t('common.unsaved')}</Heading>
          <p>{t('common.unsaved_text')}</p>
          <div className="actions">
            <Button look="first" onPress={stay}>
              {t('common.stay')}
            </Button>
            <Button look="danger" onPress={leave}>
              {t('common.discard')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
