import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { useDepartments } from '../departments/tree'
import { useGroupChoices } from '../groups/use'
import { InvitationState } from './invitations'

/** One invitation: to whom, as what, and what became of it. */
export function InvitationPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const departments = useDepartments()
  const groups = useGroupChoices()
  const path = { params: { path: { org, invitation: id } } }
  const { data: i, error } = $api.useQuery('get', '/api/v1/organizations/{org}/invitations/{invitation}', path)
  const resend = $api.useMutation('post', '/api/v1/organizations/{org}/invitations/{invitation}/resend')
  const cancel = $api.useMutation('delete', '/api/v1/organizations/{org}/invitations/{invitation}')
  if (!i) return <PanelWaiting title={t('invitations.one')} back={back} error={error} />
  return (
    <Panel title={i.name} back={back} about={<InvitationState invitation={i} />}>
      <Facts
        rows={[
          [t('invitations.contact'), i.contact],
          [t('invitations.role'), t(`members.role.${i.role}`)],
          [t('invitations.administers'), (i.administers ?? []).map(departments.name).join(', ')],
          [t('members.position'), i.title],
          [t('groups.title'), i.groups.map((g) => groups.find((c) => c.id === g)?.label ?? g).join(', ')],
          [t('invitations.by'), i.invited_by],
          [t('invitations.sent'), <Moment key="s" at={i.sent_at} />],
          i.state === 'open' ? [t('invitations.ends'), <Moment key="e" at={i.ends_at} />] : [t('invitations.ends'), ''],
          [t('invitations.decided'), i.decided_at ? <Moment key="d" at={i.decided_at} /> : ''],
        ]}
      />
      <div className="actions">
        {i.member_id ? <ButtonLink href={at(`members/${i.member_id}`)}>{t('invitations.to_member')}</ButtonLink> : null}
        {i.state === 'open' || i.state === 'expired' ? (
          <ConfirmButton
            look="second"
            verb={t('invitations.resend')}
            title={t('invitations.resend_title', { contact: i.contact })}
            act={async () => {
              await resend.mutateAsync(path)
              say(t('invitations.sent_to', { contact: i.contact }))
            }}
          >
            <p>{t('invitations.resend_text')}</p>
          </ConfirmButton>
        ) : null}
        {i.state === 'open' ? (
          <ConfirmButton
            verb={t('invitations.cancel')}
            title={t('invitations.cancel_title', { name: i.name })}
            act={async () => {
              await cancel.mutateAsync(path)
              say(t('invitations.cancelled', { name: i.name }))
            }}
          >
            <p>{t('invitations.cancel_text')}</p>
          </ConfirmButton>
        ) : null}
      </div>
    </Panel>
  )
}
