import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { useMe } from '../../app/session'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { momentOf } from '../applications/order'
import { ResourceState, useNameOf } from './granted'
import { localOf, type Resource } from './kinds'

const one = '/api/v1/organizations/{org}/resources/{resource}'

/** One resource. Who runs the installation changes it, and takes it back. */
export function ResourcePanel({ id, back }: { id: string; back: string }) {
  const { t, i18n } = useTranslation()
  const { org, at } = useOrg()
  const me = useMe()
  const name = useNameOf()
  const { data: r, error } = $api.useQuery('get', one, { params: { path: { org, resource: id } } })
  if (!r) return <PanelWaiting title={t('resources.one')} back={back} error={error} />
  return (
    <Panel title={name(r)} back={back} about={<ResourceState resource={r} />}>
      <Facts
        rows={[
          [t('resources.count'), new Intl.NumberFormat(i18n.language).format(r.count)],
          [t('resources.ends'), <Moment key="e" at={r.ends_at} />],
          [t('resources.order'), r.order],
          [t('resources.ref'), <code key="r">{r.ref}</code>],
          [t('resources.since'), <Moment key="s" at={r.created_at} />],
        ]}
      />
      {r.kind === 'meeting_rooms' ? (
        <div className="actions">
          <ButtonLink href={`${at('rooms')}?resource=${r.id}`}>{t('terminals.show_rooms')}</ButtonLink>
        </div>
      ) : null}
      {me.kind === 'provider' ? <Provided key={r.version} resource={r} back={back} /> : null}
    </Panel>
  )
}

function Provided({ resource: r, back }: { resource: Resource; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const name = useNameOf()(r)
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({ count: String(r.count), ends_at: localOf(r.ends_at), order: r.order })
  const params = { path: { org, resource: r.id }, header: { 'If-Match': version(r.version) } }
  const submit = async () => {
    const { count, ends_at, order } = draft.changed()
    const body = {
      ...(count === undefined ? {} : { count: Number(count) }),
      ...(ends_at === undefined ? {} : { ends_at: momentOf(ends_at) ?? '' }),
      ...(order === undefined ? {} : { order }),
    }
    await change.mutateAsync({ params, body })
    say(t('resources.changed', { what: name }))
  }
  const turn = async (disabled: boolean) => {
    await change.mutateAsync({ params, body: { disabled } })
    say(t(disabled ? 'resources.was_disabled' : 'resources.was_enabled', { what: name }))
  }
  return (
    <Section title={t('members.edit')}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <TextInput {...draft.at('count')} label={t('resources.count')} type="number" required />
        <TextInput {...draft.at('ends_at')} label={t('resources.ends')} help={t('resources.ends_help')} type="datetime-local" required />
        <TextInput {...draft.at('order')} label={t('resources.order')} maxLength={64} />
      </FormFrame>
      <div className="actions">
        {r.status === 'disabled' ? (
          <ConfirmButton
            look="second"
            verb={t('resources.enable')}
            title={t('resources.enable_title', { what: name })}
            act={() => turn(false)}
          >
            <p>{t('resources.enable_text')}</p>
          </ConfirmButton>
        ) : (
          <ConfirmButton verb={t('resources.disable')} title={t('resources.disable_title', { what: name })} act={() => turn(true)}>
            <p>{t('resources.disable_text')}</p>
          </ConfirmButton>
        )}
        <ConfirmButton
          verb={t('resources.take_back')}
          title={t('resources.take_back_title', { count: r.count, what: name })}
          act={async () => {
            await remove.mutateAsync({ params })
            say(t('resources.taken_back', { what: name }))
            void navigate(back)
          }}
        >
          <p>{t('resources.take_back_text')}</p>
        </ConfirmButton>
      </div>
    </Section>
  )
}
