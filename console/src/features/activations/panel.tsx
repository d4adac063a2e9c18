import { useState } from 'react'
import { Form } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
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
      <div className="actions">
        <ResetCode code={c} />
        <RemoveCode code={c} back={back} />
      </div>
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
  const [email, setEmail] = useState(c.email ?? '')
  const [mobile, setMobile] = useState(c.mobile ?? '')
  return (
    <ConfirmButton
      look="second"
      verb={t('activations.reset')}
      title={t('activations.reset_title', { name: c.name })}
      act={async () => {
        const params = { path: { org, activation_code: c.id }, header: { 'If-Match': version(c.version) } }
        await reset.mutateAsync({ params, body: filled({ email, mobile }) })
        say(t('activations.was_reset', { name: c.name }))
      }}
    >
      <p>{t('activations.reset_text')}</p>
      {/* The server says what is wrong, not the browser in words of its own. */}
      <Form validationBehavior="aria" className="form" onSubmit={(event) => event.preventDefault()}>
        <TextInput
          name="email"
          label={t('terminals.email')}
          type="email"
          help={t('activations.reset_help')}
          value={email}
          onChange={setEmail}
        />
        <TextInput
          name="mobile"
          label={t('terminals.mobile')}
          type="tel"
          help={t('members.mobile_help')}
          value={mobile}
          onChange={setMobile}
        />
      </Form>
    </ConfirmButton>
  )
}

function RemoveCode({ code: c, back }: { code: ActivationCode; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const remove = $api.useMutation('delete', one)
  return (
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
  )
}
