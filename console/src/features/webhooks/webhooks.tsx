import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { Button, ButtonLink } from '../../ui/button'
import { ChoicesInput, LinesInput } from '../../ui/choices'
import { ConfirmButton } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Loading, Moment, ProblemNotice, Refused, SecretBox, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { DataTable, Pager } from '../../ui/table'
import { TabsAt } from '../../ui/tabs'
import { Deliveries } from './deliveries'
import { eventsOf, kindsOf, nouns } from './events'

export type Webhook = Schemas['Webhook']

const one = '/api/v1/organizations/{org}/webhooks/{webhook}'

/** Who is told of events by calls. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/webhooks', {
    params: { path: { org }, query: { cursor: view.query('cursor') } },
  })
  const back = at('webhooks')
  const add = (
    <ButtonLink look="first" href={at('webhooks/new')}>
      {t('webhooks.add')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('webhooks.title')}
      action={add}
      panel={id === 'new' ? <AddWebhook back={back} /> : id ? <WebhookPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Webhook>
        id="webhooks"
        label={t('webhooks.title')}
        items={data?.items}
        error={error}
        keyOf={(w) => w.id}
        href={(w) => at(`webhooks/${w.id}`)}
        open={id}
        empty={
          <Empty title={t('webhooks.none')} action={add}>
            {t('webhooks.none_text')}
          </Empty>
        }
        columns={[
          { id: 'name', title: t('webhooks.name'), cell: (w) => w.name },
          { id: 'url', title: t('webhooks.url'), cell: (w) => <code>{w.url}</code> },
          { id: 'events', title: t('webhooks.events'), cell: (w) => w.events.join(', ') },
          { id: 'state', title: t('webhooks.state'), cell: (w) => <State webhook={w} /> },
          { id: 'created', title: t('webhooks.created'), cell: (w) => <Moment at={w.created_at} />, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function State({ webhook: w }: { webhook: Webhook }) {
  const { t } = useTranslation()
  if (!w.enabled) return <Tag>{t('webhooks.off')}</Tag>
  return w.attempts > 0 ? <Tag tone="bad">{t('webhooks.failing', { count: w.attempts })}</Tag> : <Tag tone="good">{t('webhooks.on')}</Tag>
}

const blank = { name: '', url: '', nouns: [] as string[], kinds: [] as string[], enabled: true, secret: '' }
type Fields = typeof blank

function WebhookFields({ draft }: { draft: Draft<Fields> }) {
  const { t } = useTranslation()
  const all = draft.values.nouns.includes('*')
  return (
    <>
      <TextInput {...draft.at('name')} label={t('webhooks.name')} required maxLength={64} />
      <TextInput
        {...draft.at('url')}
        type="url"
        label={t('webhooks.url')}
        help={t('webhooks.url_help')}
        example="https://hook.example/orgate"
        required
      />
      <CheckInput
        name="all"
        label={t('webhooks.all')}
        value={all}
        onChange={(on) => draft.set('nouns', on ? ['*'] : [])}
        help={t('webhooks.all_help')}
      />
      {all ? null : (
        <>
          <ChoicesInput
            name="events"
            label={t('webhooks.events')}
            value={draft.values.nouns}
            onChange={(chosen) => draft.set('nouns', chosen)}
            choices={nouns.map((id) => ({ id, label: t(`webhooks.noun.${id}`), help: `${id}.*` }))}
          />
          <LinesInput
            name="events"
            label={t('webhooks.kinds')}
            help={t('webhooks.kinds_help')}
            value={draft.values.kinds}
            onChange={(kinds) => draft.set('kinds', kinds)}
            example="organization.changed"
          />
        </>
      )}
      <CheckInput {...draft.at('enabled')} label={t('webhooks.enabled')} help={t('webhooks.enabled_help')} />
    </>
  )
}

/** Calls the address as it is typed, with an event that nobody minds. */
function TryWebhook({ url }: { url: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const call = $api.useMutation('post', '/api/v1/organizations/{org}/webhooks/try')
  return (
    <>
      <Button isDisabled={!url} busy={call.isPending} onPress={() => call.mutate({ params: { path: { org } }, body: { url } })}>
        {t('webhooks.try')}
      </Button>
      <ProblemNotice error={call.error} />
      {call.data ? (
        <div className={call.data.passed ? 'note' : 'alert'} role="status">
          <p>
            {call.data.passed
              ? t('webhooks.try_passed', { status: call.data.http_status, ms: call.data.duration_ms })
              : t(`webhooks.failure.${call.data.failure || 'abnormal'}`)}
          </p>
          {call.data.detail ? <p>{call.data.detail}</p> : null}
          {call.data.remedy ? <p>{call.data.remedy}</p> : null}
          {call.data.answer ? (
            <p className="help">
              {t('webhooks.answer')} <code>{call.data.answer}</code>
            </p>
          ) : null}
        </div>
      ) : null}
    </>
  )
}

function AddWebhook({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/webhooks')
  const draft = useDraft(blank)
  const [secret, setSecret] = useState('')
  const submit = async () => {
    const { name, url, enabled, secret: given } = draft.values
    const made = await add.mutateAsync({
      params: { path: { org } },
      body: { name, url, enabled, events: eventsOf(draft.values), ...filled({ secret: given }) },
    })
    say(t('webhooks.added', { name }))
    draft.reset(blank)
    if (made.secret) setSecret(made.secret)
    else void navigate(back)
  }
  return (
    <Panel title={t('webhooks.add')} back={back}>
      {secret ? (
        <SecretBox title={t('webhooks.secret_title')} secrets={[[t('webhooks.secret'), secret]]} onStored={() => void navigate(back)} />
      ) : (
        <FormFrame dirty={draft.dirty} submit={submit} verb={t('webhooks.add')} more={<TryWebhook url={draft.values.url} />}>
          <WebhookFields draft={draft} />
          <TextInput {...draft.at('secret')} label={t('webhooks.secret')} help={t('webhooks.secret_help')} code />
        </FormFrame>
      )}
    </Panel>
  )
}

function WebhookPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { part = 'settings' } = useParams()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, webhook: id } } })
  if (!data)
    return (
      <Panel title={t('webhooks.one')} back={back}>
        {error ? <Refused error={error} /> : <Loading />}
      </Panel>
    )
  return (
    <Panel title={data.name} back={back} about={<State webhook={data} />}>
      <TabsAt
        label={data.name}
        part={part}
        to={(tab) => at(`webhooks/${id}${tab === 'settings' ? '' : `/${tab}`}`)}
        tabs={[
          { id: 'settings', title: t('webhooks.settings'), view: () => <EditWebhook key={data.version} webhook={data} back={back} /> },
          { id: 'deliveries', title: t('webhooks.deliveries'), view: () => <Deliveries webhook={data} /> },
          { id: 'secret', title: t('webhooks.secret'), view: () => <Secret webhook={data} /> },
        ]}
      />
    </Panel>
  )
}

function EditWebhook({ webhook: w, back }: { webhook: Webhook; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({ name: w.name, url: w.url, enabled: w.enabled, secret: '', ...kindsOf(w.events) })
  const call = { params: { path: { org, webhook: w.id }, header: { 'If-Match': version(w.version) } } }
  const submit = async () => {
    const { nouns: changedNouns, kinds, secret: _, ...rest } = draft.changed()
    const body = changedNouns || kinds ? { ...rest, events: eventsOf(draft.values) } : rest
    await change.mutateAsync({ ...call, body })
    say(t('webhooks.changed', { name: draft.values.name }))
  }
  return (
    <>
      {w.attempts > 0 ? (
        <p className="alert">
          {t('webhooks.failing', { count: w.attempts })} {t('webhooks.next')} <Moment at={w.next_at} />
        </p>
      ) : null}
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')} more={<TryWebhook url={draft.values.url} />}>
        <WebhookFields draft={draft} />
      </FormFrame>
      <div className="actions">
        <ConfirmButton
          verb={t('webhooks.remove')}
          title={t('webhooks.remove_title', { name: w.name })}
          typed={w.name}
          act={async () => {
            await remove.mutateAsync(call)
            say(t('webhooks.removed', { name: w.name }))
            void navigate(back)
          }}
        >
          <p>{t('webhooks.remove_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}

const overlaps = ['86400', '604800', '0'] as const

/** Another secret, while the one before signs too for a time. */
function Secret({ webhook: w }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const rotate = $api.useMutation('post', `${one}/secrets`)
  const [overlap, setOverlap] = useState<string>('86400')
  const [secret, setSecret] = useState('')
  if (secret)
    return <SecretBox title={t('webhooks.secret_title')} secrets={[[t('webhooks.secret'), secret]]} onStored={() => setSecret('')} />
  return (
    <>
      <p>{t('webhooks.secret_text')}</p>
      <Facts rows={[[t('webhooks.previous_ends'), w.previous_ends_at ? <Moment key="p" at={w.previous_ends_at} /> : '']]} />
      <SelectInput
        name="overlap"
        label={t('webhooks.overlap')}
        value={overlap}
        onChange={setOverlap}
        choices={overlaps.map((id) => ({ id, label: t(`apps.overlap.${id}`) }))}
      />
      <div className="actions">
        <ConfirmButton
          look="second"
          verb={t('webhooks.rotate')}
          title={t('webhooks.rotate_title', { name: w.name })}
          act={async () => {
            const made = await rotate.mutateAsync({
              params: { path: { org, webhook: w.id }, header: { 'If-Match': version(w.version) } },
              body: { overlap: Number(overlap) },
            })
            setSecret(made.secret ?? '')
          }}
        >
          <p>{t('webhooks.rotate_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
