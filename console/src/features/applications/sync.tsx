import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { filled } from '../../api/filled'
import { problemOf } from '../../api/problem'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Facts, Loading, Moment, ProblemNotice, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { TabsAt } from '../../ui/tabs'
import type { Application } from './applications'
import { SyncPeople, SyncRecords } from './told'

type Sync = Schemas['Sync']

const one = '/api/v1/organizations/{org}/applications/{client_id}/sync'

/** What the application is told of its organisation: settings, how it goes, and whom it knows. */
export function ApplicationSync({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, client_id: a.client_id } } })
  const none = error && problemOf(error).status === 404
  if (error && !none) return <Refused error={error} />
  if (!data && !none) return <Loading />
  const settings = () => <SyncSettings key={data?.version ?? 0} application={a} sync={data} />
  if (!data || none) return settings()
  const show = view.get('show') || 'progress'
  return (
    <TabsAt
      label={t('sync.title')}
      part={show}
      to={(tab) => at(`applications/${encodeURIComponent(a.client_id)}/sync?show=${tab}`)}
      tabs={[
        { id: 'progress', title: t('sync.progress'), view: () => <Progress application={a} /> },
        { id: 'settings', title: t('sync.settings'), view: settings },
        { id: 'records', title: t('sync.records'), view: () => <SyncRecords application={a} /> },
        { id: 'people', title: t('sync.people'), view: () => <SyncPeople application={a} /> },
      ]}
    />
  )
}

const tones = { off: 'plain', going: 'warn', waiting: 'bad', settled: 'good' } as const

/** How far the receiver is, asked for again while the page is open. */
function Progress({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const call = { params: { path: { org, client_id: a.client_id } } }
  const { data, error } = $api.useQuery('get', `${one}/progress`, call, { refetchInterval: 3000, staleTime: 0 })
  const retry = $api.useMutation('post', `${one}/retry`)
  const replay = $api.useMutation('post', `${one}/replay`)
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  return (
    <>
      <p role="status">
        <Tag tone={tones[data.state]}>{t(`sync.state.${data.state}`)}</Tag>
      </p>
      <Facts
        rows={[
          [t('sync.settled_at'), <Moment key="s" at={data.settled_at} />],
          [t('sync.attempts'), data.attempts || ''],
          [t('sync.next_at'), data.next_at ? <Moment key="n" at={data.next_at} /> : ''],
          [t('sync.failure'), data.failure ? t(`sync.failure.${data.failure}`) : ''],
          [t('sync.remedy'), data.remedy],
        ]}
      />
      <ProblemNotice error={retry.error} />
      <div className="actions">
        <Button isDisabled={data.state !== 'waiting'} busy={retry.isPending} onPress={() => retry.mutate(call)}>
          {t('sync.retry')}
        </Button>
        <ConfirmButton
          look="second"
          disabled={data.state === 'off'}
          verb={t('sync.replay')}
          title={t('sync.replay_title', { name: a.name })}
          act={async () => {
            await replay.mutateAsync(call)
            say(t('sync.replayed'))
          }}
        >
          <p>{t('sync.replay_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}

/** The settings; what is secret is given and never shown. */
function SyncSettings({ application: a, sync: s }: { application: Application; sync: Sync | undefined }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const set = $api.useMutation('put', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({
    enabled: s?.enabled ?? false,
    callback_url: s?.callback_url ?? '',
    signature_key: '',
    public_key: s?.public_key ?? '',
    client_secret: '',
    digest: s?.digest ?? 'sha256',
    wire: s?.wire ?? 'v2',
    verify_answers: s?.verify_answers ?? false,
    release_personal: s?.release_personal ?? false,
  })
  const header = s ? { 'If-Match': version(s.version) } : {}
  const body = (): Schemas['NewSync'] => {
    const { signature_key, client_secret, ...rest } = draft.values
    return { ...rest, ...filled({ signature_key, client_secret }) }
  }
  const submit = async () => {
    await set.mutateAsync({ params: { path: { org, client_id: a.client_id }, header }, body: body() })
    say(t('sync.saved'))
  }
  return (
    <>
      {s ? null : <p>{t('sync.none_text')}</p>}
      {s && !s.secret_current && s.has_client_secret ? <p className="alert">{t('sync.secret_ended')}</p> : null}
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')} more={<TrySync application={a} body={body} />}>
        <CheckInput {...draft.at('enabled')} label={t('sync.enabled')} />
        <TextInput
          {...draft.at('callback_url')}
          type="url"
          label={t('sync.callback_url')}
          help={t('sync.callback_url_help')}
          example="https://receiver.example"
        />
        <TextInput
          {...draft.at('signature_key')}
          type="password"
          autoComplete="new-password"
          label={t('sync.signature_key')}
          help={s?.has_signature_key ? t('sync.stays') : t('sync.signature_key_help')}
        />
        <TextInput {...draft.at('public_key')} label={t('sync.public_key')} help={t('sync.public_key_help')} rows={4} code />
        {a.protocol === 'cas' || a.public ? null : (
          <TextInput
            {...draft.at('client_secret')}
            type="password"
            autoComplete="new-password"
            label={t('apps.client_secret')}
            help={s?.has_client_secret ? t('sync.stays') : t('sync.client_secret_help')}
          />
        )}
        <SelectInput
          {...draft.at('wire')}
          onChange={(v) => draft.set('wire', v as 'v2')}
          label={t('sync.wire')}
          choices={(['v2', 'v1'] as const).map((id) => ({ id, label: t(`sync.wire.${id}`) }))}
        />
        <SelectInput
          {...draft.at('digest')}
          onChange={(v) => draft.set('digest', v as 'sha256')}
          label={t('sync.digest')}
          choices={(['sha256', 'sha1'] as const).map((id) => ({ id, label: t(`sync.digest.${id}`) }))}
        />
        <CheckInput {...draft.at('verify_answers')} label={t('sync.verify_answers')} help={t('sync.verify_answers_help')} />
        <CheckInput {...draft.at('release_personal')} label={t('sync.release_personal')} help={t('sync.release_personal_help')} />
      </FormFrame>
      {s ? (
        <div className="actions">
          <ConfirmButton
            verb={t('sync.remove')}
            title={t('sync.remove_title', { name: a.name })}
            typed={a.name}
            act={async () => {
              await remove.mutateAsync({ params: { path: { org, client_id: a.client_id }, header } })
              say(t('sync.removed'))
            }}
          >
            <p>{t('sync.remove_text')}</p>
          </ConfirmButton>
        </div>
      ) : null}
    </>
  )
}

/** Calls the receiver by settings that are not saved. */
function TrySync({ application: a, body }: { application: Application; body: () => Schemas['NewSync'] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const call = $api.useMutation('post', `${one}/try`)
  const [done, setDone] = useState(0)
  const run = () => {
    setDone(done + 1)
    call.mutate({ params: { path: { org, client_id: a.client_id } }, body: body() })
  }
  return (
    <>
      <Button onPress={run} busy={call.isPending}>
        {t('try.it')}
      </Button>
      <ProblemNotice error={call.error} />
      {call.data ? (
        <div key={done} className={call.data.passed ? 'note' : 'alert'} role="status">
          <p>{call.data.passed ? t('sync.try_passed') : t('sync.try_failed')}</p>
          <ul>
            {call.data.calls.map((c) => (
              <li key={c.event}>
                {c.passed ? '✓' : '✗'} {t(`sync.event.${c.event}`)} · {c.http_status || '—'} {c.result_code} {c.result_msg} ·{' '}
                {c.duration_ms} ms
                {c.detail ? <p>{c.detail}</p> : null}
                {c.remedy ? <p>{c.remedy}</p> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  )
}
