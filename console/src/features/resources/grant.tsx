import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { useSay } from '../../ui/said'
import { momentOf } from '../applications/order'
import { seatsOf, sizes } from '../rooms/sorted'
import { useNameOf } from './granted'
import { kinds, type Resource } from './kinds'

const blank = { kind: '', package: '', count: '', ends_at: '', order: '', ref: '' }

/** Gives the organisation a resource, which the provider alone does. */
export function GrantResource({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const name = useNameOf()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/resources')
  const draft = useDraft(blank)
  const { kind, package: size, count, ends_at, order, ref } = draft.values
  const rooms = kind === 'meeting_rooms'
  const submit = async () => {
    const made = await add.mutateAsync({
      params: { path: { org } },
      body: {
        ...filled({ order, ref }),
        kind: kind as Resource['kind'],
        count: Number(count),
        ends_at: momentOf(ends_at) ?? '',
        ...(rooms && size ? { package: size as (typeof sizes)[number] } : {}),
      },
    })
    say(t('resources.given', { count: made.count, what: name(made) }))
    void navigate(back)
  }
  return (
    <Panel title={t('resources.grant')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('resources.grant')} ready={kind !== '' && count !== '' && ends_at !== ''}>
        <SelectInput
          {...draft.at('kind')}
          label={t('resources.what')}
          required
          choices={kinds.map((k) => ({ id: k, label: t(`resources.kind.${k}`) }))}
        />
        {rooms ? (
          <SelectInput
            {...draft.at('package')}
            label={t('rooms.size')}
            help={t('resources.size_help')}
            choices={sizes.map((s) => ({ id: s, label: t('rooms.seats', { count: seatsOf(s) }) }))}
          />
        ) : null}
        <TextInput {...draft.at('count')} label={t('resources.count')} type="number" required />
        <TextInput {...draft.at('ends_at')} label={t('resources.ends')} help={t('resources.ends_help')} type="datetime-local" required />
        <TextInput {...draft.at('order')} label={t('resources.order')} help={t('resources.order_help')} maxLength={64} />
        <TextInput {...draft.at('ref')} label={t('resources.ref')} help={t('resources.ref_help')} maxLength={64} code />
      </FormFrame>
    </Panel>
  )
}
