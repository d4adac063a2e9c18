import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { ConfirmButton } from '../../ui/dialog'
import { Page } from '../../ui/page'
import { Empty, Loading, Moment, Refused } from '../../ui/parts'
import { RequestState } from './state'

/** What somebody asked for, and what became of it. */
export function Component() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', '/api/v1/me/requests')
  const withdraw = $api.useMutation('delete', '/api/v1/me/requests/{request}')
  return (
    <Page title={t('centre.requests')}>
      {error ? <Refused error={error} /> : data ? null : <Loading />}
      {data?.items.length === 0 ? <Empty title={t('requests.none')}>{t('requests.none_text')}</Empty> : null}
      <ul className="things">
        {data?.items.map((r) => (
          <li key={r.id}>
            <div>
              <strong>
                {r.kind === 'join'
                  ? t('requests.join', { organization: r.organization })
                  : t('requests.entry', { application: r.application })}
              </strong>
              <p className="help">
                <RequestState state={r.state} waits={r.waits} /> · <Moment at={r.created_at} />
              </p>
              {r.reason ? <p>{r.reason}</p> : null}
              {r.answer ? (
                <p className="note">
                  {r.decided_by ? `${r.decided_by}: ` : ''}
                  {r.answer}
                </p>
              ) : null}
            </div>
            {r.state === 'pending' ? (
              <ConfirmButton
                look="second"
                verb={t('requests.withdraw')}
                title={t('requests.withdraw_title')}
                act={() => withdraw.mutateAsync({ params: { path: { request: r.id } } })}
              >
                <p>{t('requests.withdraw_text')}</p>
              </ConfirmButton>
            ) : null}
            {(r.state === 'rejected' || r.state === 'withdrawn') && r.client_id ? (
              <a className="button second" href={`/apps/${encodeURIComponent(r.client_id)}/login`}>
                {t('requests.again')}
              </a>
            ) : null}
          </li>
        ))}
      </ul>
    </Page>
  )
}
