import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg, useOrganization } from '../../app/organization'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Copyable, Facts, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { useSourceChoices } from '../sources/use'
import { LimitsOf } from './limits'
import { Ownership } from './ownership'
import { PasswordForm, SignInForm } from './rules'

const parts = ['about', 'sign_in', 'passwords', 'limits', 'ownership'] as const

/** What the organisation is called and how it does things. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useOrg()
  const o = useOrganization()
  const navigate = useNavigate()
  const { id = 'about' } = useParams()
  return (
    <Page title={t('organization.title')}>
      <Tabs
        selectedKey={id}
        onSelectionChange={(key) => void navigate(at(key === 'about' ? 'organization' : `organization/${key}`), { replace: true })}
      >
        <TabList className="tabs" aria-label={t('organization.title')}>
          {parts.map((part) => (
            <Tab key={part} id={part}>
              {t(`organization.${part}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="about" className="column-of-forms">
          <About key={o.version} />
        </TabPanel>
        <TabPanel id="sign_in" className="column-of-forms">
          <SignInForm key={o.version} />
        </TabPanel>
        <TabPanel id="passwords" className="column-of-forms">
          <PasswordForm key={o.version} />
        </TabPanel>
        <TabPanel id="limits" className="column-of-forms">
          <LimitsOf />
        </TabPanel>
        <TabPanel id="ownership" className="column-of-forms">
          <Ownership />
        </TabPanel>
      </Tabs>
    </Page>
  )
}

const tones = { active: 'good', frozen: 'warn', dissolving: 'bad' } as const
const nothing = 'none'

/** Saves a change of the organisation as it was read. */
export function useChange() {
  const o = useOrganization()
  const { org } = useOrg()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}')
  return (body: NonNullable<Parameters<typeof change.mutateAsync>[0]['body']>) =>
    change.mutateAsync({ params: { path: { org }, header: { 'If-Match': version(o.version) } }, body })
}

function About() {
  const { t } = useTranslation()
  const say = useSay()
  const o = useOrganization()
  const sources = useSourceChoices()
  const change = useChange()
  const p = o.profile
  const draft = useDraft({
    name: o.name,
    description: p.description ?? '',
    phone: p.phone ?? '',
    email: p.email ?? '',
    fax: p.fax ?? '',
    address: p.address ?? '',
    default_source: o.default_source || nothing,
    auto_create_members: o.auto_create_members,
    everlasting_signatures: o.everlasting_signatures,
  })
  const submit = async () => {
    const { name, default_source, auto_create_members, everlasting_signatures, ...profile } = draft.changed()
    await change({
      ...(name === undefined ? {} : { name }),
      ...(default_source === undefined ? {} : { default_source: default_source === nothing ? '' : default_source }),
      ...(auto_create_members === undefined ? {} : { auto_create_members }),
      ...(everlasting_signatures === undefined ? {} : { everlasting_signatures }),
      ...(Object.keys(profile).length > 0 ? { profile } : {}),
    })
    say(t('organization.saved'))
  }
  const inProfile = (name: 'description' | 'phone' | 'email' | 'fax' | 'address') => ({ ...draft.at(name), name: `profile.${name}` })
  return (
    <>
      <Facts
        rows={[
          [
            t('organization.status'),
            <Tag key="s" tone={tones[o.status]}>
              {t(`organization.status.${o.status}`)}
            </Tag>,
          ],
          [t('organization.code'), <Copyable key="c" text={o.code} label={t('organization.code')} />],
          [t('organization.id'), <Copyable key="i" text={o.id} label={t('organization.id')} />],
          [t('organization.domain'), o.domain],
        ]}
      />
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <TextInput {...draft.at('name')} label={t('organization.name')} help={t('organization.name_help')} required maxLength={64} />
        <TextInput {...inProfile('description')} label={t('organization.description')} rows={3} />
        <TextInput {...inProfile('phone')} label={t('organization.phone')} type="tel" />
        <TextInput {...inProfile('email')} label={t('organization.email')} type="email" />
        <TextInput {...inProfile('fax')} label={t('organization.fax')} type="tel" />
        <TextInput {...inProfile('address')} label={t('organization.address')} rows={2} />
        <SelectInput
          {...draft.at('default_source')}
          label={t('organization.default_source')}
          help={t('organization.default_source_help')}
          choices={[{ id: nothing, label: t('organization.no_source') }, ...sources]}
        />
        <CheckInput {...draft.at('auto_create_members')} label={t('organization.auto_create')} help={t('organization.auto_create_help')} />
        <CheckInput
          {...draft.at('everlasting_signatures')}
          label={t('organization.everlasting')}
          help={t('organization.everlasting_help')}
        />
      </FormFrame>
    </>
  )
}
