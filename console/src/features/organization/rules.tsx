import { useTranslation } from 'react-i18next'
import { useOrganization } from '../../app/organization'
import { CheckInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useSay } from '../../ui/said'
import { typed, untyped } from './numbers'
import { useChange } from './organization'

const signInNumbers = ['lock_after', 'lock_for_seconds'] as const
const signInChecks = ['contacts_as_names', 'must_change_password', 'contact_required'] as const

/** How members sign in, and when an account is locked. */
export function SignInForm() {
  const { t } = useTranslation()
  const say = useSay()
  const change = useChange()
  const { sign_in_rules: r } = useOrganization()
  const draft = useDraft(
    typed({
      lock_after: r.lock_after ?? 0,
      lock_for_seconds: r.lock_for_seconds ?? 0,
      contacts_as_names: r.contacts_as_names ?? false,
      must_change_password: r.must_change_password ?? false,
      contact_required: r.contact_required ?? false,
    }),
  )
  const submit = async () => {
    await change({ sign_in_rules: untyped(draft.changed()) })
    say(t('organization.saved'))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      {signInNumbers.map((name) => (
        <TextInput
          key={name}
          {...draft.at(name)}
          name={`sign_in_rules.${name}`}
          label={t(`organization.rule.${name}`)}
          help={t(`organization.rule_help.${name}`)}
          type="number"
        />
      ))}
      {signInChecks.map((name) => (
        <CheckInput key={name} {...draft.at(name)} name={`sign_in_rules.${name}`} label={t(`organization.rule.${name}`)} />
      ))}
    </FormFrame>
  )
}

const passwordNumbers = ['min_length', 'max_length', 'min_classes', 'max_repeats', 'history', 'min_different', 'min_age_seconds'] as const
const passwordChecks = ['lower_upper_digit', 'ascii_only', 'not_account', 'refuse_breached'] as const

/** What a new password has to satisfy. Those that are in use stay. */
export function PasswordForm() {
  const { t } = useTranslation()
  const say = useSay()
  const change = useChange()
  const { password_rules: r } = useOrganization()
  const draft = useDraft(
    typed({
      min_length: r.min_length ?? 0,
      max_length: r.max_length ?? 0,
      min_classes: r.min_classes ?? 0,
      max_repeats: r.max_repeats ?? 0,
      history: r.history ?? 0,
      min_different: r.min_different ?? 0,
      min_age_seconds: r.min_age_seconds ?? 0,
      lower_upper_digit: r.lower_upper_digit ?? false,
      ascii_only: r.ascii_only ?? false,
      not_account: r.not_account ?? false,
      refuse_breached: r.refuse_breached ?? false,
    }),
  )
  const submit = async () => {
    await change({ password_rules: untyped(draft.changed()) })
    say(t('organization.saved'))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <p className="help">{t('organization.passwords_text')}</p>
      {passwordNumbers.map((name) => (
        <TextInput key={name} {...draft.at(name)} name={`password_rules.${name}`} label={t(`organization.rule.${name}`)} type="number" />
      ))}
      {passwordChecks.map((name) => (
        <CheckInput key={name} {...draft.at(name)} name={`password_rules.${name}`} label={t(`organization.rule.${name}`)} />
      ))}
    </FormFrame>
  )
}
