import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { ProblemNotice, Tag } from '../../ui/parts'

const tones = { waiting: 'plain', running: 'plain', passed: 'good', failed: 'bad' } as const

/** Tries what was typed before it is saved: the browser goes the way of a person, in a tab of its own. */
export function TryButton({ application: a, change }: { application: Schemas['Application']; change: () => Schemas['ApplicationChange'] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const start = $api.useMutation('post', '/api/v1/organizations/{org}/applications/{client_id}/tries')
  const [begun, setBegun] = useState<Schemas['ApplicationTry'] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const doit = async () => {
    setError(null)
    try {
      setBegun(
        await start.mutateAsync({
          params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } },
          body: change(),
        }),
      )
    } catch (e) {
      setBegun(null)
      setError(e)
    }
  }
  return (
    <>
      <Button onPress={() => void doit()} busy={start.isPending}>
        {t('try.it')}
      </Button>
      <ProblemNotice error={error} />
      {begun ? <Begun key={begun.id} begun={begun} /> : null}
    </>
  )
}

/** Where a try goes on, and what came of it. */
function Begun({ begun }: { begun: Schemas['ApplicationTry'] }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { data } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/application-tries/{try}',
    { params: { path: { org, try: begun.id } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (['passed', 'failed'].includes(state.data?.state ?? '') ? false : 2000),
    },
  )
  const state = data?.state ?? begun.state
  const over = state === 'passed' || state === 'failed'
  return (
    <div className="note" role="status">
      <p>
        <Tag tone={tones[state]}>{t(`try.state.${state}`)}</Tag> {over ? '' : t('try.go')}
      </p>
      <p>
        <a target="_blank" rel="noreferrer" href={over ? `/console${at(`application-tries/${begun.id}`)}` : begun.url}>
          {over ? t('try.report') : t('try.open')}
        </a>
      </p>
    </div>
  )
}
