import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { agentName } from '../../app/agent'
import { useOrg } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { Empty, Loading, Moment, Refused } from '../../ui/parts'
import { MemberReport } from '../logout/report'
import type { Member } from './members'

/** Where somebody is signed in, the end of it, and who was told of that. */
export function MemberDevices({ member }: { member: Member }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const path = { org, member: member.id }
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/members/{member}/sessions', { params: { path } })
  const end = $api.useMutation('delete', '/api/v1/organizations/{org}/members/{member}/sessions/{session}')
  const endAll = $api.useMutation('delete', '/api/v1/organizations/{org}/members/{member}/sessions')
  const [ended, setEnded] = useState<string[]>([])
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  const reports = ended.map((session) => (
    <Section key={session} title={t('logout.title')}>
      <MemberReport org={org} member={member.id} session={session} />
    </Section>
  ))
  if (data.items.length === 0)
    return (
      <>
        {reports}
        <Empty title={t('members.no_devices', { name: member.name })} />
      </>
    )
  return (
    <>
      {reports}
      <ul className="things">
        {data.items.map((s) => (
          <li key={s.id}>
            <div>
              <strong>{agentName(s.user_agent)}</strong>
              <p className="help">
                {s.address} · <Moment at={s.seen_at} />
              </p>
            </div>
            <ConfirmButton
              look="second"
              verb={t('members.end_session')}
              title={t('members.end_session_title', { name: member.name })}
              act={async () => {
                await end.mutateAsync({ params: { path: { ...path, session: s.id } } })
                setEnded([s.id])
              }}
            >
              <p>{t('members.end_sessions_text')}</p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
      <div className="actions">
        <ConfirmButton
          verb={t('members.end_sessions')}
          title={t('members.end_session_title', { name: member.name })}
          act={async () => {
            await endAll.mutateAsync({ params: { path } })
            setEnded(data.items.map((s) => s.id))
          }}
        >
          <p>{t('members.end_sessions_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
