import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { ActionButton } from '../../ui/action'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'

type Wish = Schemas['QuotaRequest']

const states = ['pending', 'approved', 'rejected', 'withdrawn', 'all'] as const
const tones = { pending: 'warn', approved: 'good', rejected: 'bad', withdrawn: 'plain' } as const

/** What enterprises and people ask of who runs the installation: room for more. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useScope()
  const { id } = useParams()
  const view = useView()
  // What waits comes first: it is what somebody comes for.
  const state = states.find((s) => s === view.get('state')) ?? 'pending'
  const { data, error } = $api.useQuery('get', '/api/v1/provider/quota-requests', {
    params: { query: { state: state === 'all' ? undefined : state, cursor: view.query('cursor') } },
  })
  const back = at('quota-requests') + view.search
  const open = data?.items.find((w) => w.id === id)
  const columns: ColumnOf<Wish>[] = [
    { id: 'who', title: t('quotas.who'), cell: (w) => w.organization || w.account },
    { id: 'what', title: t('quotas.what'), cell: (w) => t(`quotas.kind.${w.kind}`) },
    { id: 'reason', title: t('organization.reason'), cell: (w) => <span className="wrap">{w.reason}</span> },
    { id: 'state', title: t('organization.request_state'), cell: (w) => <State wish={w} /> },
    { id: 'asked', title: t('organization.asked_at'), cell: (w) => <Moment at={w.created_at} /> },
  ]
  return (
    <Page
      title={t('quotas.title')}
      tools={
        <Filter
          label={t('organization.request_state')}
          value={state}
          onChange={(v) => view.set('state', v === 'pending' ? '' : v)}
          choices={states.map((s) => ({ id: s, label: s === 'all' ? t('quotas.any') : t(`organization.request.${s}`) }))}
          whole
        />
      }
      panel={open ? <WishPanel key={id} wish={open} back={back} /> : null}
    >
      <DataTable<Wish>
        id="quotas"
        label={t('quotas.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(w) => w.id}
        href={(w) => at(`quota-requests/${w.id}`) + view.search}
        open={id}
        empty={<Empty title={t(state === 'pending' ? 'quotas.none_waits' : 'quotas.none')}>{t('quotas.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function State({ wish: w }: { wish: Wish }) {
  const { t } = useTranslation()
  return <Tag tone={tones[w.state]}>{t(`organization.request.${w.state}`)}</Tag>
}

function WishPanel({ wish: w, back }: { wish: Wish; back: string }) {
  const { t } = useTranslation()
  const { at } = useScope()
  return (
    <Panel title={w.organization || w.account} back={back} about={<State wish={w} />}>
      <Facts
        rows={[
          [t('quotas.what'), t(`quotas.kind.${w.kind}`)],
          [t('organization.reason'), w.reason],
          [t('quotas.asked_by'), w.account],
          [t('organization.asked_at'), <Moment key="a" at={w.created_at} />],
          [t('quotas.decided_by'), w.decided_by],
          [t('quotas.decided_at'), w.decided_at ? <Moment key="d" at={w.decided_at} /> : ''],
          [t('organization.answer'), w.answer],
        ]}
      />
      {w.organization_id ? (
        <div className="actions">
          <ButtonLink href={at(`enterprises/${w.organization_id}`)}>{t('quotas.enterprise')}</ButtonLink>
        </div>
      ) : null}
      {w.state === 'pending' ? <Decision wish={w} back={back} /> : null}
    </Panel>
  )
}

/** Yes or no, with what is to be said of it. Whoever asked reads it. */
function Decision({ wish: w, back }: { wish: Wish; back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const approve = $api.useMutation('post', '/api/v1/provider/quota-requests/{quota_request}/approve')
  const reject = $api.useMutation('post', '/api/v1/provider/quota-requests/{quota_request}/reject')
  const [answer, setAnswer] = useState('')
  const name = w.organization || w.account
  const decide = async (how: typeof approve | typeof reject, said: string) => {
    await how.mutateAsync({ params: { path: { quota_request: w.id } }, body: { answer } })
    say(said)
    void navigate(back)
  }
  return (
    <>
      <TextInput
        name="answer"
        label={t('organization.answer')}
        help={t('quotas.answer_help')}
        value={answer}
        onChange={setAnswer}
        maxLength={500}
      />
      <div className="actions">
        <ActionButton look="first" label={t('quotas.approve')} act={() => decide(approve, t('quotas.approved', { name }))} />
        <ConfirmButton
          verb={t('quotas.reject')}
          title={t('quotas.reject_title', { name })}
          act={() => decide(reject, t('quotas.rejected', { name }))}
        >
          <p>{t('quotas.reject_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
