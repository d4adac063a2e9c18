import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Moment, SecretBox, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { EnterpriseInput, EnterpriseName } from './pick'
import { stateOf } from './token'

type Token = Schemas['APIToken']

/** The tokens by which scripts and services call the management API. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useScope()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/api-tokens', { params: { query: { cursor: view.query('cursor') } } })
  const back = at('api-tokens') + view.search
  const add = (
    <ButtonLink look="first" href={at('api-tokens/new') + view.search}>
      {t('tokens.add')}
    </ButtonLink>
  )
  const open = data?.items.find((k) => k.id === id)
  const columns: ColumnOf<Token>[] = [
    { id: 'name', title: t('tokens.name'), cell: (k) => k.name },
    { id: 'rights', title: t('tokens.rights'), cell: (k) => <Rights token={k} /> },
    { id: 'state', title: t('tokens.state'), cell: (k) => <State token={k} /> },
    { id: 'ends', title: t('tokens.ends'), cell: (k) => <Moment at={k.expires_at} /> },
    { id: 'created', title: t('tokens.created'), cell: (k) => <Moment at={k.created_at} /> },
  ]
  return (
    <Page
      title={t('tokens.title')}
      action={add}
      panel={id === 'new' ? <AddToken back={back} /> : open ? <About key={id} token={open} back={back} /> : null}
    >
      <p className="help">{t('tokens.text')}</p>
      <DataTable<Token>
        id="tokens"
        label={t('tokens.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(k) => k.id}
        href={(k) => at(`api-tokens/${k.id}`) + view.search}
        open={id}
        empty={
          <Empty title={t('tokens.none')} action={add}>
            {t('tokens.none_text')}
          </Empty>
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

const tones = { live: 'good', ended: 'warn', revoked: 'bad' } as const

function State({ token }: { token: Token }) {
  const { t } = useTranslation()
  const state = stateOf(token, new Date())
  return <Tag tone={tones[state]}>{t(`tokens.state.${state}`)}</Tag>
}

/** What a token may do: everything, or everything in one enterprise. */
function Rights({ token: k }: { token: Token }) {
  const { t } = useTranslation()
  return k.organization_id ? <EnterpriseName id={k.organization_id} /> : t('tokens.everything')
}

const lives = ['30', '90', '365', '0'] as const

function AddToken({ back }: { back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/api-tokens')
  const blank = { name: '', organization: '', life_days: '90' }
  const draft = useDraft(blank)
  const [made, setMade] = useState<Schemas['MadeAPIToken'] | null>(null)
  const submit = async () => {
    const { name, organization, life_days } = draft.values
    const token = await add.mutateAsync({
      body: { name, ...(organization ? { organization } : {}), ...(life_days === '0' ? {} : { life_days: Number(life_days) }) },
    })
    say(t('tokens.added', { name: token.name }))
    draft.reset(blank)
    setMade(token)
  }
  return (
    <Panel title={t('tokens.add')} back={back}>
      {made ? (
        <SecretBox
          title={t('tokens.secret_title', { name: made.name })}
          secrets={[[t('tokens.one'), made.token]]}
          onStored={() => void navigate(back)}
        />
      ) : (
        <FormFrame dirty={draft.dirty} submit={submit} verb={t('tokens.add')} onCancel={() => void navigate(back)}>
          <TextInput {...draft.at('name')} label={t('tokens.name')} help={t('tokens.name_help')} required maxLength={64} />
          <EnterpriseInput {...draft.at('organization')} label={t('tokens.enterprise')} help={t('tokens.enterprise_help')} />
          <SelectInput
            {...draft.at('life_days')}
            label={t('tokens.life')}
            choices={lives.map((days) => ({
              id: days,
              label: days === '0' ? t('tokens.for_ever') : t('tokens.days', { count: Number(days) }),
            }))}
          />
        </FormFrame>
      )}
    </Panel>
  )
}

function About({ token: k, back }: { token: Token; back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const revoke = $api.useMutation('delete', '/api/v1/api-tokens/{token}')
  return (
    <Panel title={k.name} back={back} about={<State token={k} />}>
      <Facts
        rows={[
          [t('tokens.rights'), <Rights key="r" token={k} />],
          [t('tokens.ends'), <Moment key="e" at={k.expires_at} />],
          [t('tokens.created'), <Moment key="c" at={k.created_at} />],
          [t('tokens.revoked_at'), k.revoked_at ? <Moment key="x" at={k.revoked_at} /> : ''],
        ]}
      />
      {k.revoked_at ? null : (
        <div className="actions">
          <ConfirmButton
            verb={t('tokens.revoke')}
            title={t('tokens.revoke_title', { name: k.name })}
            act={async () => {
              await revoke.mutateAsync({ params: { path: { token: k.id } } })
              say(t('tokens.revoked', { name: k.name }))
              void navigate(back)
            }}
          >
            <p>{t('tokens.revoke_text')}</p>
          </ConfirmButton>
        </div>
      )}
    </Panel>
  )
}
