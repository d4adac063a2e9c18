import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { TextInput } from '../../ui/fields'
import type { Draft } from '../../ui/form'

export type Contact = Schemas['Contact']

const names = ['name', 'company', 'department', 'title', 'mobile', 'other_number', 'custom_number', 'email', 'address', 'remarks'] as const

type Typed = Record<(typeof names)[number], string>

/** What is known of a contact, each field as text. */
export function typedOf(contact: Partial<Contact>): Typed {
  return Object.fromEntries(names.map((name) => [name, contact[name] ?? ''])) as Typed
}

/** What is written down of somebody outside. */
export function ContactFields({ draft }: { draft: Draft<Typed> }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput {...draft.at('name')} label={t('contacts.name')} required maxLength={64} />
      <TextInput {...draft.at('company')} label={t('contacts.company')} />
      <TextInput {...draft.at('department')} label={t('contacts.department')} />
      <TextInput {...draft.at('title')} label={t('contacts.position')} />
      <TextInput {...draft.at('mobile')} label={t('contacts.mobile')} type="tel" example="+8613800000001" help={t('members.mobile_help')} />
      <TextInput {...draft.at('other_number')} label={t('contacts.other_number')} type="tel" help={t('members.mobile_help')} />
      <TextInput {...draft.at('custom_number')} label={t('contacts.custom_number')} help={t('contacts.custom_number_help')} />
      <TextInput {...draft.at('email')} label={t('contacts.email')} type="email" />
      <TextInput {...draft.at('address')} label={t('contacts.address')} />
      <TextInput {...draft.at('remarks')} label={t('contacts.remarks')} rows={3} maxLength={512} />
    </>
  )
}
