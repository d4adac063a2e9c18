import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { Filter, useView } from '../../ui/list'
import { Empty, Loading, Moment, ProblemNotice, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { Pager } from '../../ui/table'
import type { Webhook } from './webhooks'

type Delivery = Schemas['WebhookDelivery']

const states = ['pending', 'success', 'failed'] as const
const tones = { pending: 'warn', success: 'good', failed: 'bad' } as const

/** What a webhook was told, newest first, and telling it again. */
export function Deliveries({ webhook: w }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/webhooks/{webhook}/deliveries',
    {
      params: {
        path: { org, webhook: w.id },
        query: { cursor: view.query('cursor'), status: view.query('status') as (typeof states)[number] | undefined, limit: 20 },
      },
    },
    { refetchInterval: 10_000 },
  )
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <>
      <div className="tools">
        <Filter
          label={t('webhooks.state')}
          value={view.get('status')}
          onChange={(v) => view.set('status', v)}
          choices={states.map((s) => ({ id: s, label: t(`webhooks.delivery.${s}`) }))}
        />
      </div>
      {data.items.length === 0 ? <Empty title={t('webhooks.no_deliveries')} /> : null}
      <ul className="things">
        {data.items.map((d) => (
          <One key={d.event} webhook={w} delivery={d} />
        ))}
      </ul>
      <Pager {...view.pager} next={data.next} />
    </>
  )
}

function One({ webhook: w, delivery: d }: { webhook: Webhook; delivery: Delivery }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const replay = $api.useMutation('post', '/api/v1/organizations/{org}/webhooks/{webhook}/deliveries/{delivery}/replay')
  const [error, setError] = useState<unknown>(null)
  const again = async () => {
    setError(null)
    try {
      await replay.mutateAsync({ params: { path: { org, webhook: w.id, delivery: d.event } } })
      say(t('webhooks.replayed'))
    } catch (e) {
      setError(e)
    }
  }
  return (
    <li>
      <div>
        <strong>{d.type}</strong> <Tag tone={tones[d.status]}>{t(`webhooks.delivery.${d.status}`)}</Tag>
        <p className="help">
          <Moment at={d.at} /> · {t('webhooks.attempts', { count: d.attempts })} · {d.http_status || '—'} · {d.duration_ms} ms
        </p>
        {d.failure ? <p className="error">{t(`webhooks.failure.${d.failure}`)}</p> : null}
        {d.remedy ? <p className="help">{d.remedy}</p> : null}
        <details>
          <summary>{t('webhooks.body')}</summary>
          <div className="snippet">
            <pre>{pretty(d.body)}</pre>
            {d.answer ? (
              <>
                <p className="help">{t('webhooks.answer')}</p>
                <pre>{d.answer}</pre>
              </>
            ) : null}
          </div>
        </details>
        <ProblemNotice error={error} />
      </div>
      <Button onPress={() => void again()} busy={replay.isPending}>
        {t('webhooks.replay')}
      </Button>
    </li>
  )
}

/** JSON that is easier to read; whatever is none stays. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
