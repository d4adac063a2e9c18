import { useTranslation } from 'react-i18next'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Section } from '../../ui/dialog'
import { Facts, Loading, Refused } from '../../ui/parts'
import { Outlook, Steps, TryState } from '../tries/report'
import type { Source } from './sources'

/** How a try of a source goes, asked for until it is over. */
export function SourceTry({ source: s, id, url }: { source: Source; id: string; url: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/sources/{source}/tries/{try}',
    { params: { path: { org, source: s.id, try: id } } },
    { staleTime: 0, refetchInterval: ({ state }) => (state.data && state.data.state !== 'waiting' ? false : 2000) },
  )
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <Section title={t('try.title')}>
      <TryState state={data.state} url={url} />
      <Steps steps={data.steps} />
      {data.state === 'passed' ? (
        <>
          <Facts
            rows={[
              [t('sources.subject'), data.subject],
              ...data.fills.map((f) => [f.from ? `${f.from} → ${f.ours}` : f.ours, f.value || t('sources.said_nothing')] as const),
            ]}
          />
          <Outlook outlook={data.outlook} />
        </>
      ) : null}
    </Section>
  )
}
