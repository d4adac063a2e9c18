import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useMe } from '../../app/session'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Loading, Refused } from '../../ui/parts'
import { matching, recent } from './sorted'

type Application = Schemas['MyApplication']

/** What somebody may open, with one click. */
export function Component() {
  const { t } = useTranslation()
  const me = useMe()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/me/applications', {}, { enabled: me.member_id !== undefined })
  const here = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}',
    { params: { path: { org: me.organization_id ?? '' } } },
    { enabled: me.organization_id !== undefined },
  ).data
  const found = matching(data?.items ?? [], view.get('q'))
  const last = view.get('q') ? [] : recent(found)
  return (
    <Page
      title={me.name}
      action={<span className="where">{here ? <span className="muted">{here.name}</span> : null}</span>}
      tools={
        data && data.items.length > 6 ? (
          <Search label={t('centre.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
        ) : undefined
      }
    >
      {error ? <Refused error={error} /> : null}
      {!error && !data && me.member_id ? <Loading /> : null}
      {last.length > 0 ? (
        <section className="section">
          <h2>{t('centre.recent')}</h2>
          <Tiles applications={last} />
        </section>
      ) : null}
      {found.length > 0 ? (
        <section className="section">
          <h2>{t('centre.all')}</h2>
          <Tiles applications={found} />
        </section>
      ) : null}
      {data && data.items.length === 0 ? <Empty title={t('centre.none')}>{t('centre.none_text')}</Empty> : null}
      {data && data.items.length > 0 && found.length === 0 ? <Empty title={t('centre.not_found')} /> : null}
      {!me.member_id ? <Empty title={t('centre.nowhere')}>{t('centre.nowhere_text')}</Empty> : null}
    </Page>
  )
}

function Tiles({ applications }: { applications: readonly Application[] }) {
  return (
    <ul className="tiles">
      {applications.map((a) => (
        <li key={a.client_id}>
          <a href={a.open}>
            {a.icon ? (
              <img src={a.icon} alt="" width={40} height={40} />
            ) : (
              <span className="letter" aria-hidden="true">
                {[...a.name][0]}
              </span>
            )}
            <span>
              <strong>{a.name}</strong>
              {a.description ? <span className="help">{a.description}</span> : null}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
