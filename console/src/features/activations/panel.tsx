import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Facts, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { useDepartments } from '../departments/tree'
import { CodeUntil } from '../terminals/state'
import type { ActivationCode } from './codes'

const one = '/api/v1/organizations/{org}/activation-codes/{activation_code}'

/** One device with its code. */
export function CodePanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data: c, error } = $api.useQuery('get', one, { params: { path: { org, activation_code: id } } })
  if (!c) return <PanelWaiting title={t('activations.code')} back={back} error={error} />
  return (
    <Panel title={c.name} back={back} about={<Tag>{t(`activations.device.${c.device}`)}</Tag>}>
      <About code={c} />
      <Section title={t('activations.reset_section')}>
        <ResetCode key={c.id} code={c} />
      </Section>
      <RemoveCode code={c} back={back} />
    </Panel>
  )
}

function About({ code: c }: { code: ActivationCode }) {
  const { t } = useTranslation()
  const departments = useDepartments()
  return (
    <Facts
      rows={[
        [t('activations.code'), <Copyable key="c" text={c.code} label={t('activations.code')} />],
        [t('activations.until'), <CodeUntil key="u" endsAt={c.ends_at} />],
        [t('members.department'), departments.name(c.department)],
        [t('terminals.email'), c.email],
        [t('terminals.mobile'), c.mobile],
        [t('members.description'), c.description],
        [t('members.created'), <Moment key="m" at={c.created_at} />],
      ]}
    />
  )
}

/** Another code in place of the one there is, told to somebody who is named. */
function ResetCode({ code: c }: { code: ActivationCode }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const reset = $api.useMutation('post', `${one}/reset`)
  const draft = useDraft({ email: c.email ?? '', mobile: c.mobile ?? '' })
  const submit = async () => {
    const params = { path: { org, activation_code: c.id }, header: { 'If-Match': version(c.version) } }
    await reset.mutateAsync({ params, body: filled(draft.values) })
    draft.reset(draft.values)
    say(t('activations.was_reset', { name: c.name }))
  }
  return (
    <>
      <p className="help">{t('activations.reset_text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('activations.reset')}>
        <TextInput {...draft.at('email')} label={t('terminals.email')} type="email" help={t('activations.reset_help')} />
        <TextInput {...draft.at('mobile')} label={t('terminals.mobile')} type="tel" help={t('members.mobile_help')} />
      </FormFrame>
    </>
  )
}

function RemoveCode({ code: c, back }: { code: ActivationCode; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const remove = $api.useMutation('delete', one)
  return (
    <div className="actions">
      <ConfirmButton
        verb={t('activations.remove')}
        title={t('activations.remove_title', { name: c.name })}
        act={async () => {
          await remove.mutateAsync({ params: { path: { org, activation_code: c.id }, header: { 'If-Match': version(c.version) } } })
          say(t('activations.removed', { name: c.name }))
          void navigate(back)
        }}
      >
        <p>{t('activations.remove_text')}</p>
      </ConfirmButton>
    </div>
  )
}
