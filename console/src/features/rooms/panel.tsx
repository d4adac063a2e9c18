import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { LendRooms } from './lend'
import { HolderName, RoomState } from './rooms'
import { Size } from './size'
import { lent, type Room } from './sorted'

const one = '/api/v1/organizations/{org}/rooms/{room}'

/** One meeting room: who has it, until when it is there, and what can be done. */
export function RoomPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data: r, error } = $api.useQuery('get', one, { params: { path: { org, room: id } } })
  if (!r) return <PanelWaiting title={t('rooms.one')} back={back} error={error} />
  return (
    <Panel title={r.name} back={back} about={<RoomState room={r} />}>
      <Facts
        rows={[
          [t('rooms.number'), <code key="n">{r.number}</code>],
          [t('rooms.size'), <Size key="s" size={r.package} />],
          [t('rooms.holder'), <HolderName key="h" room={r} />],
          [t('rooms.ends'), <Moment key="e" at={r.ends_at} />],
          [t('members.created'), <Moment key="c" at={r.created_at} />],
        ]}
      />
      {r.status === 'disabled' ? <p className="note">{t('rooms.disabled_text')}</p> : null}
      <Actions room={r} back={back} />
    </Panel>
  )
}

function Actions({ room: r, back }: { room: Room; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const recall = $api.useMutation('post', '/api/v1/organizations/{org}/rooms/recall')
  const remove = $api.useMutation('delete', one)
  const holder = r.member_name || r.terminal_name
  return (
    <div className="actions">
      {r.member ? <ButtonLink href={at(`members/${r.member}`)}>{t('rooms.to_member')}</ButtonLink> : null}
      {r.terminal ? <ButtonLink href={at(`terminals/${r.terminal}`)}>{t('rooms.to_terminal')}</ButtonLink> : null}
      <ButtonLink href={at(`resources/granted/${r.resource}`)}>{t('rooms.to_resource')}</ButtonLink>
      {lent(r) ? (
        <ConfirmButton
          verb={t('rooms.recall')}
          title={t('rooms.recall_title', { name: r.name, holder })}
          act={async () => {
            // From the one who is shown: somebody else who has it by now keeps it.
            const from = r.member ? { member: r.member } : { terminal: r.terminal }
            await recall.mutateAsync({ params: { path: { org } }, body: { rooms: [r.id], ...from } })
            say(t('rooms.recalled', { holder }))
          }}
        >
          <p>{t('rooms.recall_text')}</p>
        </ConfirmButton>
      ) : (
        <>
          <LendRooms rooms={[r]} onDone={() => {}} />
          <ConfirmButton
            verb={t('rooms.remove')}
            title={t('rooms.remove_title', { name: r.name })}
            act={async () => {
              await remove.mutateAsync({ params: { path: { org, room: r.id }, header: { 'If-Match': version(r.version) } } })
              say(t('rooms.removed', { name: r.name }))
              void navigate(back)
            }}
          >
            <p>{t('rooms.remove_text')}</p>
          </ConfirmButton>
        </>
      )}
    </div>
  )
}
