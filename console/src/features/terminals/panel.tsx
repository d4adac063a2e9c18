import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Moment, SecretBox } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { TabsAt } from '../../ui/tabs'
import { useDepartments } from '../departments/tree'
import { useRoomsOf } from '../rooms/held'
import { ProjectionInput, WhereAndWho } from './fields'
import { useModels } from './models'
import { CodeUntil, TerminalState } from './state'
import type { Terminal } from './terminals'

const one = '/api/v1/organizations/{org}/terminals/{terminal}'

/** One terminal: what is known of it, its activation code, and what can be done. */
export function TerminalPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { part = 'about' } = useParams()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, terminal: id } } })
  if (!data) return <PanelWaiting title={t('terminals.one')} back={back} error={error} />
  const tabs = [
    {
      id: 'about',
      title: t('members.about'),
      view: () => (
        <>
          <About terminal={data} />
          <Actions terminal={data} back={back} />
        </>
      ),
    },
    { id: 'edit', title: t('members.edit'), view: () => <EditTerminal key={data.version} terminal={data} /> },
    { id: 'code', title: t('activations.code'), view: () => <Activation terminal={data} /> },
  ]
  return (
    <Panel title={data.name} back={back} about={<TerminalState terminal={data} />}>
      <TabsAt
        label={data.name}
        part={part}
        to={(tab) => at(`terminals/${id}${tab === 'about' ? '' : `/${tab}`}`) + location.search}
        tabs={tabs.filter((tab) => tab.id !== 'code' || data.activation_ends_at)}
      />
    </Panel>
  )
}

function About({ terminal: m }: { terminal: Terminal }) {
  const { t } = useTranslation()
  const { at } = useOrg()
  const departments = useDepartments()
  const models = useModels()
  const rooms = useRoomsOf({ terminal: m.id })
  return (
    <>
      <Facts
        rows={[
          [t('terminals.model'), m.model],
          [t('terminals.serial'), <code key="s">{m.serial}</code>],
          [t('terminals.account'), <code key="a">{m.account}</code>],
          [t('terminals.number'), <code key="n">{m.number}</code>],
          [t('activations.code'), m.activation_ends_at ? <CodeUntil key="u" endsAt={m.activation_ends_at} /> : ''],
          [t('terminals.projection'), models.of(m.model)?.projection ? t(`terminals.projection.${m.projection}`) : ''],
          [t('members.department'), departments.name(m.department)],
          [t('terminals.email'), m.email],
          [t('terminals.mobile'), m.mobile],
          [t('members.description'), m.description],
          [t('terminals.rooms'), rooms || ''],
          [t('members.created'), <Moment key="c" at={m.created_at} />],
        ]}
      />
      {rooms > 0 ? (
        <div className="actions">
          <ButtonLink href={`${at('rooms')}?terminal=${m.id}`}>{t('terminals.show_rooms')}</ButtonLink>
        </div>
      ) : null}
    </>
  )
}

function Actions({ terminal: m, back }: { terminal: Terminal; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const rooms = useRoomsOf({ terminal: m.id })
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const params = { path: { org, terminal: m.id }, header: { 'If-Match': version(m.version) } }
  const turn = async (disabled: boolean) => {
    await change.mutateAsync({ params, body: { disabled } })
    say(t(disabled ? 'terminals.was_disabled' : 'terminals.was_enabled', { name: m.name }))
  }
  return (
    <div className="actions">
      {m.disabled ? (
        <ConfirmButton
          look="second"
          verb={t('terminals.enable')}
          title={t('terminals.enable_title', { name: m.name })}
          act={() => turn(false)}
        >
          <p>{t('terminals.enable_text')}</p>
        </ConfirmButton>
      ) : (
        <ConfirmButton verb={t('terminals.disable')} title={t('terminals.disable_title', { name: m.name })} act={() => turn(true)}>
          <p>{t('terminals.disable_text')}</p>
        </ConfirmButton>
      )}
      <ConfirmButton
        verb={t('terminals.remove')}
        title={t('terminals.remove_title', { name: m.name })}
        act={async () => {
          await remove.mutateAsync({ params })
          say(t('terminals.removed', { name: m.name }))
          void navigate(back)
        }}
      >
        <p>{t('terminals.remove_text')}</p>
        {rooms > 0 ? <p>{t('terminals.remove_rooms', { count: rooms })}</p> : null}
      </ConfirmButton>
    </div>
  )
}

function EditTerminal({ terminal: m }: { terminal: Terminal }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const models = useModels()
  const change = $api.useMutation('patch', one)
  const draft = useDraft({
    name: m.name,
    projection: m.projection,
    department: m.department,
    email: m.email ?? '',
    mobile: m.mobile ?? '',
    description: m.description,
  })
  const submit = async () => {
    const params = { path: { org, terminal: m.id }, header: { 'If-Match': version(m.version) } }
    await change.mutateAsync({ params, body: draft.changed() })
    say(t('terminals.changed', { name: draft.values.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <TextInput {...draft.at('name')} label={t('terminals.name')} required maxLength={64} />
      {models.of(m.model)?.projection ? <ProjectionInput {...draft.at('projection')} /> : null}
      <WhereAndWho at={draft.at} contactHelp={t('terminals.contact_help')} />
    </FormFrame>
  )
}

/** Another activation code, which is sent to somebody and told this once. */
function Activation({ terminal: m }: { terminal: Terminal }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const reset = $api.useMutation('post', `${one}/reset-activation`)
  const draft = useDraft({ email: m.email ?? '', mobile: m.mobile ?? '' })
  const [code, setCode] = useState('')
  const submit = async () => {
    const made = await reset.mutateAsync({
      params: { path: { org, terminal: m.id }, header: { 'If-Match': version(m.version) } },
      body: draft.values,
    })
    draft.reset(draft.values)
    say(t('terminals.code_sent', { name: m.name }))
    setCode(made.activation_code ?? '')
  }
  if (code)
    return (
      <SecretBox
        title={t('terminals.code_title', { name: m.name })}
        secrets={[[t('activations.code'), code]]}
        onStored={() => setCode('')}
      />
    )
  return (
    <>
      <p>
        <CodeUntil endsAt={m.activation_ends_at} />
      </p>
      <p className="help">{t('terminals.reset_text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('terminals.reset')}>
        <TextInput {...draft.at('email')} label={t('terminals.email')} type="email" />
        <TextInput {...draft.at('mobile')} label={t('terminals.mobile')} type="tel" help={t('members.mobile_help')} />
      </FormFrame>
    </>
  )
}
