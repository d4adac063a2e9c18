import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { useScope } from '../../app/scope'
import { CheckInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { SecretBox } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { blank, madeOf } from './made'

/** Makes an enterprise, with whoever is to administer it. A password that was made is told this once. */
export function AddEnterprise({ back }: { back: string }) {
  const { t } = useTranslation()
  const { at } = useScope()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/organizations')
  const draft = useDraft(blank)
  const [told, setTold] = useState<{ to: string; account: string; password: string } | null>(null)
  const submit = async () => {
    const made = await add.mutateAsync({ body: madeOf(draft.values) })
    say(t('enterprises.added', { name: made.name }))
    draft.reset(blank)
    const to = at(`enterprises/${made.id}`)
    if (made.owner?.password) setTold({ to, account: made.owner.account, password: made.owner.password })
    else void navigate(to)
  }
  if (told)
    return (
      <Panel title={t('enterprises.add')} back={back}>
        <SecretBox
          title={t('enterprises.first_password')}
          secrets={[
            [t('enterprises.address'), location.origin],
            [t('enterprises.account'), told.account],
            [t('enterprises.password'), told.password],
          ]}
          onStored={() => void navigate(told.to)}
        />
      </Panel>
    )
  const owner = draft.values.has_owner
  return (
    <Panel title={t('enterprises.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('enterprises.add')} onCancel={() => void navigate(back)}>
        <TextInput {...draft.at('name')} label={t('enterprises.name')} required maxLength={64} />
        <TextInput {...draft.at('code')} label={t('enterprises.code')} help={t('enterprises.code_help')} example="acme" code />
        <TextInput {...draft.at('domain')} label={t('enterprises.domain')} help={t('enterprises.domain_help')} example="acme.com" />
        <TextInput
          {...draft.at('members')}
          name="limits.members"
          type="number"
          label={t('organization.limit.members')}
          help={t('enterprises.members_help')}
        />
        <fieldset className="choices">
          <legend>{t('enterprises.owner')}</legend>
          <CheckInput {...draft.at('has_owner')} label={t('enterprises.has_owner')} help={t('enterprises.owner_help')} />
          {owner ? (
            <>
              <TextInput {...draft.at('owner.name')} label={t('enterprises.owner_name')} required maxLength={64} />
              <TextInput {...draft.at('owner.email')} type="email" label={t('members.email')} />
              <TextInput {...draft.at('owner.account')} label={t('enterprises.account')} help={t('enterprises.account_help')} />
              <TextInput {...draft.at('owner.mobile')} type="tel" label={t('members.mobile')} example="+8613800000001" />
              <TextInput
                {...draft.at('owner.password')}
                type="password"
                autoComplete="new-password"
                label={t('enterprises.password')}
                help={t('enterprises.password_help')}
              />
              <CheckInput {...draft.at('owner.must_change_password')} label={t('members.must_change')} />
            </>
          ) : null}
        </fieldset>
      </FormFrame>
    </Panel>
  )
}
