import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ChoicesInput } from '../../ui/choices'
import { Section } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { type Draft, FormFrame, useDraft } from '../../ui/form'
import { ManyInput } from '../../ui/pick'
import { useSay } from '../../ui/said'
import type { Application } from './applications'
import { decisions, useRegions } from './control'
import { Replay } from './judge'
import { drafted } from './order'

type Policy = Schemas['Policy']

const base = '/api/v1/organizations/{org}/applications/{client_id}/policies'
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** What is typed of a policy, the schedule's parts by their paths. */
function fieldsOf(p: Policy | undefined) {
  return {
    name: p?.name ?? '',
    description: p?.description ?? '',
    decision: p?.decision ?? 'deny',
    regions: p?.regions ?? [],
    report_only: p?.report_only ?? true,
    'schedule.weekdays': (p?.schedule.weekdays ?? []) as string[],
    'schedule.starts': p?.schedule.starts ?? '',
    'schedule.ends': p?.schedule.ends ?? '',
    'schedule.from': p?.schedule.from ?? '',
    'schedule.until': p?.schedule.until ?? '',
    'schedule.zone': p?.schedule.zone ?? '',
  }
}

type Fields = ReturnType<typeof fieldsOf>

/** What was typed as a whole policy. */
function policyOf(f: Fields): Schemas['NewPolicy'] {
  const part = (name: keyof Fields & `schedule.${string}`) => f[name] as string
  return {
    name: f.name,
    description: f.description,
    decision: f.decision,
    regions: f.regions,
    report_only: f.report_only,
    schedule: {
      ...filled({
        starts: part('schedule.starts'),
        ends: part('schedule.ends'),
        from: part('schedule.from'),
        until: part('schedule.until'),
        zone: part('schedule.zone'),
      }),
      weekdays: f['schedule.weekdays'] as (typeof days)[number][],
    },
  }
}

/** A policy, new or stored; before it is saved it is tried on what happened in the last week. */
export function PolicyForm({
  application: a,
  policy,
  policies,
  onDone,
}: {
  application: Application
  policy: Policy | undefined
  policies: Policy[]
  onDone: () => void
}) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const add = $api.useMutation('post', base)
  const change = $api.useMutation('patch', `${base}/{policy}`)
  const draft = useDraft(fieldsOf(policy))
  const path = { org, client_id: a.client_id }
  const submit = async () => {
    const body = policyOf(draft.values)
    if (policy)
      await change.mutateAsync({ params: { path: { ...path, policy: policy.id }, header: { 'If-Match': version(policy.version) } }, body })
    else await add.mutateAsync({ params: { path }, body })
    say(t('control.policy_saved', { name: body.name }))
    onDone()
  }
  return (
    <>
      <FormFrame dirty={draft.dirty} submit={submit} verb={policy ? t('common.save') : t('control.add')} onCancel={onDone}>
        <TextInput {...draft.at('name')} label={t('control.name')} required maxLength={64} />
        <TextInput {...draft.at('description')} label={t('control.description')} rows={2} maxLength={255} />
        <SelectInput
          {...draft.at('decision')}
          onChange={(v) => draft.set('decision', v as Policy['decision'])}
          label={t('control.decision')}
          choices={decisions.map((id) => ({ id, label: t(`control.decision.${id}`), help: t(`control.decision_is.${id}`) }))}
        />
        <RegionsInput draft={draft} />
        <Schedule draft={draft} />
        <CheckInput {...draft.at('report_only')} label={t('control.report_only')} help={t('control.report_only_help')} />
      </FormFrame>
      <Replay application={a} policies={() => drafted(policies, policy?.id ?? 'new', policyOf(draft.values))} />
    </>
  )
}

function RegionsInput({ draft }: { draft: Draft<Fields> }) {
  const { t } = useTranslation()
  const regions = useRegions()
  return (
    <ManyInput
      {...draft.at('regions')}
      label={t('control.regions')}
      help={t('control.regions_help')}
      choices={regions.map((r) => ({ id: r.id, label: r.name, help: r.network }))}
    />
  )
}

function Schedule({ draft }: { draft: Draft<Fields> }) {
  const { t } = useTranslation()
  return (
    <Section title={t('control.schedule')}>
      <p className="help">{t('control.schedule_help')}</p>
      <ChoicesInput
        {...draft.at('schedule.weekdays')}
        label={t('control.weekdays')}
        choices={days.map((id) => ({ id, label: t(`control.day.${id}`) }))}
      />
      <div className="two-fields">
        <TextInput {...draft.at('schedule.starts')} label={t('control.starts')} example="09:00" />
        <TextInput {...draft.at('schedule.ends')} label={t('control.ends')} example="17:30" />
        <TextInput {...draft.at('schedule.from')} type="date" label={t('control.from')} />
        <TextInput {...draft.at('schedule.until')} type="date" label={t('control.until')} />
      </div>
      <TextInput {...draft.at('schedule.zone')} label={t('control.zone')} help={t('control.zone_help')} example="Asia/Shanghai" />
    </Section>
  )
}
