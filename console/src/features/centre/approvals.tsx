import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useMe } from '../../app/session'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/fields'
import { Page } from '../../ui/page'
import { Empty, Loading, Moment, ProblemNotice, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'

type Request = Schemas['Request']

/** What waits for the word of who is signed in. */
export function Component() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <Page title={t('centre.approvals')}>
      {me.organization_id ? <Waiting org={me.organization_id} /> : <Empty title={t('requests.nothing_waits')} />}
    </Page>
  )
}

/** The requests of an organisation that are not decided. */
export function Waiting({ org }: { org: string }) {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/requests', {
    params: { path: { org }, query: { state: 'pending' } },
  })
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  if (data.items.length === 0) return <Empty title={t('requests.nothing_waits')}>{t('requests.nothing_waits_text')}</Empty>
  return (
    <ul className="things">
      {data.items.map((r) => (
        <Decision key={r.id} org={org} request={r} />
      ))}
    </ul>
  )
}

function Decision({ org, request: r }: { org: string; request: Request }) {
  const { t } = useTranslation()
  const say = useSay()
  const [answer, setAnswer] = useState('')
  const approve = $api.useMutation('post', '/api/v1/organizations/{org}/requests/{request}/approve')
  const reject = $api.useMutation('post', '/api/v1/organizations/{org}/requests/{request}/reject')
  const decide = async (how: typeof approve | typeof reject, said: string) => {
    await how.mutateAsync({ params: { path: { org, request: r.id } }, body: { answer } })
    say(said)
  }
  return (
    <li>
      <div>
        <strong>{r.applicant}</strong> <span className="muted">{r.account}</span>
        <p>
          {r.kind === 'join' ? t('requests.join', { organization: r.organization }) : t('requests.entry', { application: r.application })}
        </p>
        <p className="help">
          <Moment at={r.created_at} />
          {r.waits ? ` · ${t('requests.waits')}` : ''}
        </p>
        {r.reason ? <blockquote>{r.reason}</blockquote> : null}
        <TextInput name="answer" label={t('requests.answer')} value={answer} onChange={setAnswer} maxLength={500} />
        <ProblemNotice error={approve.error ?? reject.error} />
        <div className="actions">
          <Button
            look="first"
            busy={approve.isPending}
            isDisabled={r.waits}
            aria-label={t('requests.approve_of', { name: r.applicant })}
            onPress={() => void decide(approve, t('requests.approved', { name: r.applicant })).catch(() => {})}
          >
            {t('requests.approve')}
          </Button>
          <Button
            look="danger"
            busy={reject.isPending}
            aria-label={t('requests.reject_of', { name: r.applicant })}
            onPress={() => void decide(reject, t('requests.rejected', { name: r.applicant })).catch(() => {})}
          >
            {t('requests.reject')}
          </Button>
        </div>
      </div>
    </li>
  )
}
