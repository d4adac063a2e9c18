import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { agentName } from '../../app/agent'
import { ConfirmButton } from '../../ui/dialog'
import { Page } from '../../ui/page'
import { Loading, Moment, Refused } from '../../ui/parts'

/** Where somebody is signed in, and the end of it. */
export function Component() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', '/api/v1/me/sessions')
  const end = $api.useMutation('delete', '/api/v1/me/sessions/{session}')
  const endAll = $api.useMutation('delete', '/api/v1/me/sessions')
  return (
    <Page
      title={t('centre.devices')}
      action={
        <ConfirmButton
          verb={t('devices.end_all')}
          title={t('devices.end_all_title')}
          act={async () => {
            await endAll.mutateAsync({})
            location.assign('/login')
          }}
        >
          <p>{t('devices.end_all_text')}</p>
        </ConfirmButton>
      }
    >
      {error ? <Refused error={error} /> : data ? null : <Loading />}
      <ul className="things">
        {data?.items.map((s) => (
          <li key={s.id}>
            <div>
              <strong>{agentName(s.user_agent)}</strong>
              <p className="help">
                {s.address} · {t('devices.used')} <Moment at={s.seen_at} />
              </p>
              {s.applications.length > 0 ? (
                <p className="help">{t('devices.entered', { names: s.applications.map((a) => a.name || a.client_id).join(', ') })}</p>
              ) : null}
            </div>
            <ConfirmButton
              look="second"
              verb={t('devices.end')}
              title={t('devices.end_title', { device: agentName(s.user_agent) })}
              act={() => end.mutateAsync({ params: { path: { session: s.id } } })}
            >
              <p>{t('devices.end_text')}</p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
    </Page>
  )
}
