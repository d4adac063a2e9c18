import { useState } from 'react'
import { Link } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Switch } from '../../ui/fields'
import { Icon } from '../../ui/icons'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Loading, Moment, Refused, Tag } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { firstDifference } from './difference'

type Trace = Schemas['Trace']

const tones: Record<string, 'good' | 'bad' | 'warn'> = { succeeded: 'good', refused: 'bad', failed: 'warn' }
const outcomes = ['succeeded', 'refused', 'failed'] as const

const kinds = [
  'app_id',
  'password',
  'source',
  'client_code',
  'portal',
  'authorize',
  'token',
  'userinfo',
  'refresh',
  'introspect',
  'logout',
  'validate',
  'proxy',
] as const

/** What somebody wanted; a kind that a newer server tells of is shown as it is called there. */
function Kind({ trace }: { trace: Trace }) {
  const { t } = useTranslation()
  const known = kinds.find((k) => k === trace.kind)
  return <>{known ? t(`traces.kind.${known}`) : trace.kind}</>
}

function Outcome({ trace }: { trace: Trace }) {
  const { t } = useTranslation()
  const known = outcomes.find((o) => o === trace.outcome)
  return <Tag tone={tones[trace.outcome]}>{known ? t(`traces.outcome.${known}`) : trace.outcome}</Tag>
}

/** The stories of sign-ins, the latest first: live, when somebody waits for one at the telephone. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const navigate = useNavigate()
  const [live, setLive] = useState(false)
  return (
    <Page
      title={t('nav.traces')}
      action={<Switch label={t('traces.live')} value={live} onChange={setLive} />}
      tools={
        <Search
          label={t('traces.code')}
          value=""
          onChange={(code) => code.length >= 8 && void navigate(at(`traces/${code.toUpperCase()}`))}
        />
      }
      panel={id ? <Story key={id} code={id} back={at('traces') + view.search} /> : null}
    >
      <Traces live={live} open={id} />
    </Page>
  )
}

/** Stories of the organisation, or those about one application. */
export function Traces({ client, live, open }: { client?: string; live?: boolean; open?: string | undefined }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/organizations/{org}/traces',
    { params: { path: { org }, query: { cursor: view.query('cursor'), ...(client ? { client_id: client } : {}) } } },
    { refetchInterval: live ? 2000 : false },
  )
  return (
    <>
      <DataTable<Trace>
        id="traces"
        label={t('nav.traces')}
        items={data?.items}
        error={error}
        keyOf={(s) => s.code}
        href={(s) => at(`traces/${s.code}`) + (client ? '' : view.search)}
        open={open}
        empty={<Empty title={t('traces.none')}>{t('traces.none_text')}</Empty>}
        columns={[
          { id: 'code', title: t('traces.code_short'), cell: (s) => <code>{s.code}</code> },
          { id: 'outcome', title: t('logs.outcome'), cell: (s) => <Outcome trace={s} /> },
          { id: 'kind', title: t('traces.kind'), cell: (s) => <Kind trace={s} /> },
          { id: 'who', title: t('logs.who'), cell: (s) => s.who },
          { id: 'at', title: t('signins.at'), cell: (s) => <Moment at={s.at} /> },
          { id: 'address', title: t('signins.address'), cell: (s) => <code>{s.address}</code>, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}

/** What happened, step by step: what was checked, what was expected beside what came, and how to mend it. */
function Story({ code, back }: { code: string; back: string }) {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', '/api/v1/traces/{id}', { params: { path: { id: code } } })
  const trace = data?.items[0]
  return (
    <Panel title={code} back={back} about={trace ? <Outcome trace={trace} /> : undefined}>
      {error ? <Refused error={error} /> : null}
      {!error && !data ? <Loading /> : null}
      {data && !trace ? <Empty title={t('traces.gone')}>{t('traces.gone_text')}</Empty> : null}
      {trace ? (
        <>
          <Facts
            rows={[
              [t('logs.who'), trace.who],
              [t('traces.kind'), <Kind key="kind" trace={trace} />],
              [t('signins.at'), <Moment key="at" at={trace.at} />],
              [t('signins.address'), trace.address],
              [t('logs.request'), <code key="request">{trace.request_id}</code>],
            ]}
          />
          <ToSignature trace={trace} />
          <ol className="timeline">
            {trace.steps.map((s) => (
              <li key={`${s.check}-${s.after_ms}-${s.text}`} className={s.state}>
                <span className="sign">
                  <Icon name={s.state === 'failed' ? 'cross' : 'check'} />
                  <span className="unseen">{s.state === 'failed' ? t('traces.failed') : t('traces.passed')}</span>
                </span>
                <div>
                  <p>
                    {s.text} <span className="help">{t('traces.after', { ms: s.after_ms })}</span>
                  </p>
                  {s.expected || s.received ? <Compared expected={s.expected} received={s.received} /> : null}
                  {s.remedy ? <p className="note">{s.remedy}</p> : null}
                </div>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </Panel>
  )
}

/** From a refused login with an App ID to where such a login is explained in full. */
function ToSignature({ trace: s }: { trace: Trace }) {
  const { t } = useTranslation()
  const { at } = useOrg()
  const appID = s.steps.find((step) => step.check === 'app_id_known' && step.state === 'passed')?.received
  if (!appID || s.outcome === 'succeeded') return null
  return (
    <p className="note">
      {t('signature.from_trace')} <Link href={at(`app-ids/${appID}/check`)}>{t('signature.check')}</Link>
    </p>
  )
}

function Compared({ expected, received }: { expected: string; received: string }) {
  const { t } = useTranslation()
  const at = expected && received ? firstDifference(expected, received) : -1
  const marked = (text: string) =>
    at < 0 ? (
      text
    ) : (
      <>
        {[...text].slice(0, at).join('')}
        <mark>{[...text].slice(at).join('')}</mark>
      </>
    )
  return (
    <Facts
      rows={[
        [t('traces.expected'), expected ? <code key="e">{marked(expected)}</code> : ''],
        [t('traces.received'), received ? <code key="r">{marked(received)}</code> : ''],
      ]}
    />
  )
}
