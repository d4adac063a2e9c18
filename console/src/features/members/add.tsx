import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { SecretBox } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { AttributeFields, useAttributes } from '../attributes/fields'
import { useDepartments } from '../departments/tree'

const blank = {
  name: '',
  account: '',
  email: '',
  mobile: '',
  department: '',
  title: '',
  third_account: '',
  password: '',
  must_change_password: true,
  notify: false,
  attributes: {} as Record<string, string>,
}

/** Makes a member with an account. The password that was made is told this once. */
export function AddMember({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const departments = useDepartments()
  const attributes = useAttributes()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/members')
  const draft = useDraft(blank)
  const [made, setMade] = useState<{ account: string; password: string; again: boolean } | null>(null)
  const [another, setAnother] = useState(false)
  const submit = async () => {
    const again = another
    setAnother(false)
    const member = await add.mutateAsync({ params: { path: { org } }, body: { ...filled(draft.values), name: draft.values.name } })
    say(t('members.added', { name: member.name }))
    draft.reset({ ...blank, department: draft.values.department })
    if (member.password) setMade({ account: member.account, password: member.password, again })
    else if (!again) void navigate(back)
  }
  if (made)
    return (
      <Panel title={t('members.add')} back={back}>
        <SecretBox
          title={t('members.first_password')}
          secrets={[
            [t('members.account'), made.account],
            [t('members.password'), made.password],
          ]}
          onStored={() => (made.again ? setMade(null) : void navigate(back))}
        />
      </Panel>
    )
  return (
    <Panel title={t('members.add')} back={back}>
      <FormFrame
        dirty={draft.dirty}
        submit={submit}
        verb={t('members.add')}
        more={
          <Button type="submit" onPress={() => setAnother(true)}>
            {t('members.add_another')}
          </Button>
        }
      >
        <TextInput {...draft.at('name')} label={t('members.name')} required maxLength={64} />
        <TextInput {...draft.at('account')} label={t('members.account')} help={t('members.account_help')} />
        <TextInput
          {...draft.at('mobile')}
          label={t('members.mobile')}
          type="tel"
          example="+8613800000001"
          help={t('members.mobile_help')}
        />
        <TextInput {...draft.at('email')} label={t('members.email')} type="email" />
        <SelectInput
          {...draft.at('department')}
          label={t('members.department')}
          choices={departments.list.map((d) => ({ id: d.code, label: d.name, help: d.code }))}
        />
        <TextInput {...draft.at('title')} label={t('members.position')} />
        <TextInput {...draft.at('third_account')} label={t('members.third_account')} help={t('members.third_account_help')} />
        <AttributeFields attributes={attributes} values={draft.values.attributes} onChange={(next) => draft.set('attributes', next)} />
        <TextInput
          {...draft.at('password')}
          label={t('members.password')}
          type="password"
          autoComplete="new-password"
          help={t('members.password_help')}
        />
        <CheckInput {...draft.at('must_change_password')} label={t('members.must_change')} />
        <CheckInput {...draft.at('notify')} label={t('members.notify')} help={t('members.notify_help')} />
      </FormFrame>
    </Panel>
  )
}
