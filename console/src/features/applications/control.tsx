import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button, ButtonLink } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { CheckInput, SelectInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Empty, Loading, ProblemNotice, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import type { Application } from './applications'
import { Replay, Simulation } from './judge'
import { moved } from './order'
import { PolicyForm } from './policy'

type Control = Schemas['AccessControl']
type Policy = Schemas['Policy']

const base = '/api/v1/organizations/{org}/applications/{client_id}'
export const decisions = ['allow', 'deny', 'second_verification'] as const
const tones = { allow: 'good', deny: 'bad', second_verification: 'warn' } as const

/** The regions of the organisation, by which policies tell where. */
export function useRegions() {
  const { org } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/regions', {
    params: { path: { org }, query: { limit: 200, sort: 'name' } },
  })
  return data?.items ?? []
}

/** From where, when and how strongly proven people may enter: the switch, the policies in their order, and what they would do. */
export function ApplicationControl({ application: a }: { application: Application }) {
  const { org } = useOrg()
  const view = useView()
  const path = { org, client_id: a.client_id }
  const control = $api.useQuery('get', `${base}/access-control`, { params: { path } })
  const policies = $api.useQuery('get', `${base}/policies`, { params: { path } })
  const error = control.error ?? policies.error
  if (error) return <Refused error={error} />
  if (!control.data || !policies.data) return <Loading />
  const open = view.get('policy')
  const stored = policies.data.items.find((p) => p.id === open)
  if (open === 'new' || stored)
    return (
      <PolicyForm
        key={`${open}.${stored?.version ?? 0}`}
        application={a}
        policy={stored}
        policies={policies.data.items}
        onDone={() => view.set('policy', '')}
      />
    )
  return (
    <>
      <Switchboard key={control.data.version} application={a} control={control.data} />
      <Policies application={a} control={control.data} policies={policies.data.items} />
      <Simulation application={a} policies={policies.data.items} />
      <Replay application={a} />
    </>
  )
}

function Switchboard({ application: a, control }: { application: Application; control: Control }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const change = $api.useMutation('patch', `${base}/access-control`)
  const draft = useDraft({ enabled: control.enabled, default: control.default })
  const submit = async () => {
    await change.mutateAsync({
      params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(control.version) } },
      body: draft.changed(),
    })
    say(t('control.saved'))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <CheckInput {...draft.at('enabled')} label={t('control.enabled')} help={t('control.enabled_help')} />
      <SelectInput
        {...draft.at('default')}
        label={t('control.default')}
        help={t('control.default_help')}
        choices={(['allow', 'deny'] as const).map((id) => ({ id, label: t(`control.decision.${id}`) }))}
      />
    </FormFrame>
  )
}

function Policies({ application: a, control, policies }: { application: Application; control: Control; policies: Policy[] }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const reorder = $api.useMutation('put', `${base}/access-control/order`)
  const path = { org, client_id: a.client_id }
  const to = (policy: string) => at(`applications/${encodeURIComponent(a.client_id)}/control?policy=${policy}`)
  const move = async (index: number, by: number) => {
    await reorder.mutateAsync({
      params: { path, header: { 'If-Match': version(control.version) } },
      body: { policies: moved(policies, index, by).map((p) => p.id) },
    })
    say(t('control.moved', { name: policies[index]?.name ?? '', place: index + by + 1 }))
  }
  const add = <ButtonLink href={to('new')}>{t('control.add')}</ButtonLink>
  return (
    <Section title={t('control.policies')} actions={policies.length > 0 ? add : null}>
      <p className="help">{t('control.policies_help')}</p>
      <ProblemNotice error={reorder.error} />
      {policies.length === 0 ? (
        <Empty title={t('control.none')} action={add}>
          {t('control.none_text')}
        </Empty>
      ) : null}
      <ol className="things">
        {policies.map((p, i) => (
          <li key={p.id}>
            <div>
              <strong>
                {i + 1}. {p.name}
              </strong>{' '}
              <Tag tone={tones[p.decision]}>{t(`control.decision.${p.decision}`)}</Tag>{' '}
              {p.report_only ? <Tag tone="warn">{t('control.report_only')}</Tag> : null}
              <Conditions policy={p} />
              {p.description ? <p className="help">{p.description}</p> : null}
            </div>
            <div className="actions">
              <Button
                look="quiet"
                aria-label={t('control.up', { name: p.name })}
                isDisabled={i === 0 || reorder.isPending}
                onPress={() => void move(i, -1).catch(() => {})}
              >
                ↑
              </Button>
              <Button
                look="quiet"
                aria-label={t('control.down', { name: p.name })}
                isDisabled={i === policies.length - 1 || reorder.isPending}
                onPress={() => void move(i, 1).catch(() => {})}
              >
                ↓
              </Button>
              <ButtonLink href={to(p.id)}>{t('control.edit')}</ButtonLink>
              <RemovePolicy application={a} policy={p} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** Where and when a policy holds, in a line. */
function Conditions({ policy: p }: { policy: Policy }) {
  const { t } = useTranslation()
  const regions = useRegions()
  const named = (id: string) => regions.find((r) => r.id === id)?.name ?? id
  const { from, until, weekdays, starts, ends, zone } = p.schedule
  const parts = [
    p.regions.length > 0 ? p.regions.map(named).join(', ') : t('control.everywhere'),
    weekdays?.length ? weekdays.map((d) => t(`control.day.${d}`)).join(', ') : '',
    starts || ends ? `${starts ?? '00:00'}–${ends ?? '24:00'}` : '',
    from || until ? `${from ?? '…'} – ${until ?? '…'}` : '',
    weekdays?.length || starts || ends || from || until ? zone : t('control.always'),
  ]
  return <p className="help">{parts.filter(Boolean).join(' · ')}</p>
}

function RemovePolicy({ application: a, policy: p }: { application: Application; policy: Policy }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const remove = $api.useMutation('delete', `${base}/policies/{policy}`)
  return (
    <ConfirmButton
      verb={t('control.remove')}
      title={t('control.remove_title', { name: p.name })}
      act={async () => {
        await remove.mutateAsync({
          params: { path: { org, client_id: a.client_id, policy: p.id }, header: { 'If-Match': version(p.version) } },
        })
        say(t('control.removed', { name: p.name }))
      }}
    >
      <p>{t('control.remove_text')}</p>
    </ConfirmButton>
  )
}
