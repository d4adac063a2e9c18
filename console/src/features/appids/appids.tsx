import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useScope } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { CheckInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Copyable, Empty, Facts, Loading, Moment, Refused, SecretBox, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { DataTable, Pager } from '../../ui/table'
import { TabsAt } from '../../ui/tabs'
import { SignatureCheck, SignatureSamples } from './signature'

type AppID = Schemas['AppID']

/** Where App IDs are kept: those of an organisation, or those of who runs the installation. */
function useCalls() {
  const { org, at, path } = useScope()
  return {
    org,
    at,
    all: path('/api/v1/organizations/{org}/app-ids', '/api/v1/provider/app-ids'),
    one: path('/api/v1/organizations/{org}/app-ids/{app_id}', '/api/v1/provider/app-ids/{app_id}'),
    reset: path('/api/v1/organizations/{org}/app-ids/{app_id}/reset-key', '/api/v1/provider/app-ids/{app_id}/reset-key'),
  }
}

/** The App IDs by which systems of one's own sign people in. */
export function Component() {
  const { t } = useTranslation()
  const { org, at, all } = useCalls()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', all, {
    params: { path: { org }, query: { cursor: view.query('cursor') } },
  })
  const back = at('app-ids') + view.search
  const add = (
    <ButtonLink look="first" href={at('app-ids/new') + view.search}>
      {t('appids.add')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('appids.title')}
      action={add}
      panel={id === 'new' ? <AddAppID back={back} /> : id ? <AppIDPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<AppID>
        id="appids"
        label={t('appids.title')}
        items={data?.items}
        error={error}
        keyOf={(a) => a.app_id}
        href={(a) => at(`app-ids/${a.app_id}`) + view.search}
        open={id}
        empty={
          <Empty title={t('appids.none')} action={add}>
            {t('appids.none_text')}
          </Empty>
        }
        columns={[
          { id: 'name', title: t('appids.name'), cell: (a) => a.name },
          { id: 'app_id', title: t('appids.id'), cell: (a) => <code>{a.app_id}</code> },
          { id: 'state', title: t('appids.state'), cell: (a) => <State appID={a} /> },
          { id: 'created', title: t('appids.created'), cell: (a) => <Moment at={a.created_at} /> },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function State({ appID: a }: { appID: AppID }) {
  const { t } = useTranslation()
  return <Tag tone={a.status === 'active' ? 'good' : 'bad'}>{t(`appids.state.${a.status}`)}</Tag>
}

const blank = { name: '', description: '', auto_create_members: true, everlasting: true, max_ahead_seconds: '2592000', app_id: '' }

function AppIDFields({ draft }: { draft: Draft<typeof blank> }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput {...draft.at('name')} label={t('appids.name')} required maxLength={64} />
      <TextInput {...draft.at('description')} label={t('appids.description')} rows={2} maxLength={255} />
      <CheckInput {...draft.at('auto_create_members')} label={t('appids.auto_create')} help={t('appids.auto_create_help')} />
      <CheckInput {...draft.at('everlasting')} label={t('appids.everlasting')} help={t('appids.everlasting_help')} />
      <TextInput {...draft.at('max_ahead_seconds')} type="number" label={t('appids.max_ahead')} help={t('appids.max_ahead_help')} />
    </>
  )
}

/** What was typed, the number as one. */
function bodyOf<T extends { max_ahead_seconds?: string }>({ max_ahead_seconds, ...rest }: T) {
  return max_ahead_seconds === undefined ? rest : { ...rest, max_ahead_seconds: Number(max_ahead_seconds) }
}

function Key({ made, onStored }: { made: Schemas['KeyedAppID']; onStored: () => void }) {
  const { t } = useTranslation()
  return (
    <SecretBox
      title={t('appids.key_title', { name: made.name })}
      secrets={[
        [t('appids.id'), made.app_id],
        [t('appids.key'), made.app_key],
      ]}
      onStored={onStored}
    />
  )
}

function AddAppID({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, all } = useCalls()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', all)
  const draft = useDraft(blank)
  const [made, setMade] = useState<Schemas['KeyedAppID'] | null>(null)
  const submit = async () => {
    const { name } = draft.values
    const keyed = await add.mutateAsync({ params: { path: { org } }, body: { ...bodyOf(filled(draft.values)), name } })
    say(t('appids.added', { name: keyed.name }))
    draft.reset(blank)
    setMade(keyed)
  }
  return (
    <Panel title={t('appids.add')} back={back}>
      {made ? (
        <Key made={made} onStored={() => void navigate(back)} />
      ) : (
        <FormFrame dirty={draft.dirty} submit={submit} verb={t('appids.add')}>
          <AppIDFields draft={draft} />
          <TextInput {...draft.at('app_id')} label={t('appids.id')} help={t('appids.id_help')} code />
        </FormFrame>
      )}
    </Panel>
  )
}

function AppIDPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at, one } = useCalls()
  const { part = 'settings' } = useParams()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, app_id: id } } })
  const [made, setMade] = useState<Schemas['KeyedAppID'] | null>(null)
  return (
    <Panel title={data?.name ?? t('appids.one')} back={back} about={data ? <State appID={data} /> : null}>
      {made ? (
        <Key made={made} onStored={() => setMade(null)} />
      ) : data ? (
        <TabsAt
          label={data.name}
          part={part}
          to={(tab) => at(`app-ids/${id}${tab === 'settings' ? '' : `/${tab}`}`)}
          tabs={[
            {
              id: 'settings',
              title: t('signature.settings'),
              view: () => <EditAppID key={data.version} appID={data} back={back} onKey={setMade} />,
            },
            { id: 'check', title: t('signature.check'), view: () => <SignatureCheck appID={data.app_id} /> },
            { id: 'code', title: t('signature.code'), view: () => <SignatureSamples appID={data.app_id} /> },
          ]}
        />
      ) : error ? (
        <Refused error={error} />
      ) : (
        <Loading />
      )}
    </Panel>
  )
}

function EditAppID({ appID: a, back, onKey }: { appID: AppID; back: string; onKey: (made: Schemas['KeyedAppID']) => void }) {
  const { t } = useTranslation()
  const { org, one, reset: resetting } = useCalls()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const reset = $api.useMutation('post', resetting)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({
    name: a.name,
    description: a.description,
    auto_create_members: a.auto_create_members,
    everlasting: a.everlasting,
    max_ahead_seconds: String(a.max_ahead_seconds),
    app_id: a.app_id,
  })
  const call = { params: { path: { org, app_id: a.app_id }, header: { 'If-Match': version(a.version) } } }
  const submit = async () => {
    await change.mutateAsync({ ...call, body: bodyOf(draft.changed()) })
    say(t('appids.changed', { name: draft.values.name }))
  }
  const switchTo = async (status: AppID['status']) => {
    await change.mutateAsync({ ...call, body: { status } })
    say(t('appids.changed', { name: a.name }))
  }
  const before = a.keys[1]
  return (
    <>
      <Facts
        rows={[
          [t('appids.id'), <Copyable key="id" text={a.app_id} label={t('appids.id')} />],
          [t('appids.key_made'), <Moment key="k" at={a.keys[0]?.created_at} />],
          [t('appids.key_before'), before ? <Moment key="b" at={before.ends_at} /> : ''],
        ]}
      />
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <AppIDFields draft={draft} />
      </FormFrame>
      <div className="actions">
        <ConfirmButton
          look="second"
          verb={t('appids.reset')}
          title={t('appids.reset_title', { name: a.name })}
          act={async () => onKey(await reset.mutateAsync(call))}
        >
          <p>{t('appids.reset_text')}</p>
        </ConfirmButton>
        {a.status === 'active' ? (
          <ConfirmButton verb={t('appids.disable')} title={t('appids.disable_title', { name: a.name })} act={() => switchTo('disabled')}>
            <p>{t('appids.disable_text')}</p>
          </ConfirmButton>
        ) : (
          <ConfirmButton
            look="second"
            verb={t('appids.enable')}
            title={t('appids.enable_title', { name: a.name })}
            act={() => switchTo('active')}
          >
            <p>{t('appids.enable_text')}</p>
          </ConfirmButton>
        )}
        <ConfirmButton
          verb={t('appids.remove')}
          title={t('appids.remove_title', { name: a.name })}
          typed={a.name}
          act={async () => {
            await remove.mutateAsync(call)
            say(t('appids.removed', { name: a.name }))
            void navigate(back)
          }}
        >
          <p>{t('appids.remove_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
