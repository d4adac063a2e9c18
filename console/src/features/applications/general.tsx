import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Facts, Moment } from '../../ui/parts'
import { IconInput } from '../../ui/picture'
import { useSay } from '../../ui/said'
import { MemberInput } from '../pick/who'
import type { Application } from './applications'

const one = '/api/v1/organizations/{org}/applications/{client_id}'

/** What an application is called and who answers for it. */
export function ApplicationGeneral({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const change = $api.useMutation('patch', one)
  const draft = useDraft({ name: a.name, description: a.description, responsible: a.responsible })
  const call = { params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } } }
  const submit = async () => {
    await change.mutateAsync({ ...call, body: draft.changed() })
    say(t('apps.changed', { name: draft.values.name }))
  }
  return (
    <>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <TextInput {...draft.at('name')} label={t('apps.name')} required maxLength={64} />
        <TextInput {...draft.at('description')} label={t('apps.description')} rows={2} maxLength={255} />
        <MemberInput {...draft.at('responsible')} ofRole="administrator" label={t('apps.responsible')} help={t('apps.responsible_help')} />
      </FormFrame>
      <ApplicationIcon application={a} />
      <Facts
        rows={[
          [t('apps.client_id'), <code key="id">{a.client_id}</code>],
          [t('apps.protocol'), t(`apps.protocol.${a.protocol}`)],
          [t('apps.public'), a.public ? t('common.yes') : ''],
          [t('apps.created'), <Moment key="c" at={a.created_at} />],
          [t('apps.updated'), <Moment key="u" at={a.updated_at} />],
        ]}
      />
      <Acts application={a} />
    </>
  )
}

function ApplicationIcon({ application: a }: { application: Application }) {
  const { org } = useOrg()
  const set = $api.useMutation('put', `${one}/icon`)
  const remove = $api.useMutation('delete', `${one}/icon`)
  const call = { params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } } }
  const { data } = $api.useQuery(
    'get',
    `${one}/icon`,
    { params: { path: { org, client_id: a.client_id } }, parseAs: 'blob' },
    { enabled: a.icon !== '' },
  )
  return (
    <IconInput
      picture={a.icon ? (data as unknown as Blob | undefined) : undefined}
      set={(file) =>
        set.mutateAsync({
          ...call,
          body: file as never,
          bodySerializer: (body: never) => body,
          headers: { 'Content-Type': file.type },
        } as never)
      }
      remove={a.icon ? () => remove.mutateAsync(call) : undefined}
    />
  )
}

/** What can be done with an application as a whole. */
function Acts({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const revoke = $api.useMutation('post', `${one}/revoke`)
  const remove = $api.useMutation('delete', one)
  const call = { params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } } }
  return (
    <Section title={t('apps.acts')}>
      <div className="actions">
        {a.status === 'active' ? (
          <ConfirmButton
            verb={t('apps.disable')}
            title={t('apps.disable_title', { name: a.name })}
            act={async () => {
              await change.mutateAsync({ ...call, body: { status: 'disabled' } })
              say(t('apps.disabled', { name: a.name }))
            }}
          >
            <p>{t('apps.disable_text')}</p>
          </ConfirmButton>
        ) : (
          <ConfirmButton
            look="second"
            verb={t('apps.enable')}
            title={t('apps.enable_title', { name: a.name })}
            act={async () => {
              await change.mutateAsync({ ...call, body: { status: 'active' } })
              say(t('apps.enabled', { name: a.name }))
            }}
          >
            <p>{t('apps.enable_text')}</p>
          </ConfirmButton>
        )}
        {a.protocol === 'cas' ? null : (
          <ConfirmButton
            verb={t('apps.revoke')}
            title={t('apps.revoke_title', { name: a.name })}
            act={async () => {
              await revoke.mutateAsync(call)
              say(t('apps.revoked', { name: a.name }))
            }}
          >
            <p>{t('apps.revoke_text')}</p>
          </ConfirmButton>
        )}
        <ConfirmButton
          verb={t('apps.remove')}
          title={t('apps.remove_title', { name: a.name })}
          typed={a.name}
          act={async () => {
            await remove.mutateAsync(call)
            say(t('apps.removed', { name: a.name }))
            void navigate(at('applications'))
          }}
        >
          <p>{t('apps.remove_text')}</p>
        </ConfirmButton>
      </div>
    </Section>
  )
}
