import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { ConfirmDialog } from '../../ui/dialog'
import { SelectInput } from '../../ui/fields'
import { useSay } from '../../ui/said'
import { MemberInput } from '../pick/who'
import { TerminalInput } from '../terminals/pick'
import type { Room } from './sorted'

/** A button that lends rooms which nobody has, after asking to whom. */
export function LendRooms({ rooms, onDone }: { rooms: readonly Room[]; onDone: () => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look="first" onPress={() => setOpen(true)}>
        {t('rooms.lend')}
      </Button>
      {open ? <Lend rooms={rooms} onDone={onDone} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

const kinds = ['member', 'terminal'] as const

function Lend({ rooms, onDone, onClose }: { rooms: readonly Room[]; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const lend = $api.useMutation('post', '/api/v1/organizations/{org}/rooms/lend')
  const [kind, setKind] = useState<(typeof kinds)[number]>('member')
  const [holder, setHolder] = useState('')
  const count = rooms.length
  return (
    <ConfirmDialog
      look="second"
      verb={t('rooms.lend')}
      title={count === 1 ? t('rooms.lend_title', { name: rooms[0]?.name }) : t('rooms.lend_many', { count })}
      disabled={!holder}
      onClose={onClose}
      act={async () => {
        await lend.mutateAsync({ params: { path: { org } }, body: { rooms: rooms.map((r) => r.id), [kind]: holder } })
        onDone()
        say(t('rooms.lent_many', { count }))
      }}
    >
      <SelectInput
        name="kind"
        label={t('rooms.lend_to')}
        value={kind}
        onChange={(next) => {
          setKind(next as typeof kind)
          setHolder('')
        }}
        choices={kinds.map((k) => ({ id: k, label: t(`rooms.to.${k}`) }))}
      />
      {kind === 'member' ? (
        <MemberInput name="member" label={t('rooms.to.member')} value={holder} onChange={setHolder} />
      ) : (
        <TerminalInput name="terminal" label={t('rooms.to.terminal')} value={holder} onChange={setHolder} />
      )}
      <p className="help">{t('rooms.lend_text')}</p>
    </ConfirmDialog>
  )
}
