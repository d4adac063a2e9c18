import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { Empty, Facts, Loading, Moment, Refused, Tag } from '../../ui/parts'
import { byOf, remains, stateOf } from './remains'

type Report = Schemas['SessionReport']
type Notice = Schemas['SessionNotice']

const tones = { pending: 'warn', delivered: 'good', failed: 'bad', not_asked: 'plain', live: 'plain' } as const
/** While somebody is still to be told, the report is read again. */
const again = (report: Report | undefined) => (report?.notices.some((n) => n.state === 'pending') ? 3000 : false)

/** How a member's session ended, for whoever administers them. */
export function MemberReport({ org, member, session }: { org: string; member: string; session: string }) {
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/members/{member}/sessions/{session}/report',
    { params: { path: { org, member, session } } },
    { refetchInterval: (query) => again(query.state.data) },
  )
  return <LogoutReport report={data} error={error} />
}

/** How one's own session ended. */
export function OwnReport({ session }: { session: string }) {
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/me/sessions/{session}/report',
    { params: { path: { session } } },
    { refetchInterval: (query) => again(query.state.data) },
  )
  return <LogoutReport report={data} error={error} />
}

/** Which applications were told that a session is over, what they answered, and what remains. */
function LogoutReport({ report: r, error }: { report?: Report; error: unknown }) {
  const { t } = useTranslation()
  if (error) return <Refused error={error} />
  if (!r) return <Loading />
  const left = remains(r)
  return (
    <>
      <Facts
        rows={[
          [t('logout.began'), <Moment key="c" at={r.created_at} />],
          [t('logout.ended'), r.ended_at ? <Moment key="e" at={r.ended_at} /> : t('logout.living')],
          [t('logout.by'), byOf(r.ended_by) ? t(`logout.by.${byOf(r.ended_by) as 'person'}`) : ''],
        ]}
      />
      {r.notices.length === 0 ? <Empty title={t('logout.nowhere')} /> : null}
      {r.ended_at && r.notices.length > 0 ? (
        <p className={left === 'failed' ? 'alert' : 'note'} role="status">
          {t(`logout.remains.${left}`)}
        </p>
      ) : null}
      <ul className="things" aria-label={t('logout.told')}>
        {r.notices.map((n) => (
          <Told key={n.id} notice={n} />
        ))}
      </ul>
    </>
  )
}

function Told({ notice: n }: { notice: Notice }) {
  const { t } = useTranslation()
  const state = stateOf(n.state)
  return (
    <li>
      <div>
        <strong>{n.name || n.client_id || t('logout.removed')}</strong> <Tag tone={tones[state]}>{t(`logout.state.${state}`)}</Tag>
        <p className="help">
          {t('logout.entered')} <Moment at={n.entered_at} />
        </p>
        {n.attempts > 0 ? (
          <p className="help">
            {t('webhooks.attempts', { count: n.attempts })} · {n.answer || '—'} · <Moment at={n.at} />
          </p>
        ) : null}
        {n.address ? (
          <p className="help">
            <code>{n.address}</code>
          </p>
        ) : null}
        <p>{t(`logout.state.${state}_text`)}</p>
      </div>
    </li>
  )
}
