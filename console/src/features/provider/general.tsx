import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { Section } from '../../ui/dialog'
import { CheckInput } from '../../ui/fields'
import { FindInput } from '../../ui/finder'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Loading, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { zoneNames } from './zones'

const accounts = '/api/v1/settings/accounts'
const reports = '/api/v1/settings/reports'

/** What people may do by themselves, and in whose days is counted. */
export function Component() {
  const { t } = useTranslation()
  const people = $api.useQuery('get', accounts)
  const days = $api.useQuery('get', reports)
  const error = people.error ?? days.error
  return (
    <Page title={t('general.title')}>
      {error ? (
        <Refused error={error} />
      ) : people.data && days.data ? (
        <div className="column-of-forms">
          <Accounts key={`a${people.data.version}`} settings={people.data} />
          <Days key={`r${days.data.version}`} settings={days.data} />
        </div>
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Accounts({ settings: s }: { settings: Schemas['AccountSettings'] }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = $api.useMutation('put', accounts)
  const draft = useDraft({
    registration: s.registration,
    organizations_by_people: s.organizations_by_people,
    quota_at_once: s.quota_at_once,
  })
  const submit = async () => {
    await set.mutateAsync({ params: { header: s.version > 0 ? { 'If-Match': version(s.version) } : {} }, body: draft.values })
    say(t('general.saved'))
  }
  return (
    <Section title={t('general.people')}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('general.save_people')}>
        <CheckInput {...draft.at('registration')} label={t('general.registration')} help={t('general.registration_help')} />
        <CheckInput {...draft.at('organizations_by_people')} label={t('general.by_people')} help={t('general.by_people_help')} />
        <CheckInput {...draft.at('quota_at_once')} label={t('general.at_once')} help={t('general.at_once_help')} />
      </FormFrame>
    </Section>
  )
}

function Days({ settings: s }: { settings: Schemas['ReportSettings'] }) {
  const { t } = useTranslation()
  const say = useSay()
  const set = $api.useMutation('put', reports)
  const draft = useDraft({ time_zone: s.time_zone })
  const submit = async () => {
    await set.mutateAsync({ params: { header: s.version > 0 ? { 'If-Match': version(s.version) } : {} }, body: draft.values })
    say(t('general.saved'))
  }
  return (
    <Section title={t('general.days')}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('general.save_days')}>
        <FindInput
          {...draft.at('time_zone')}
          label={t('general.zone')}
          help={t('general.zone_help')}
          choices={zoneNames(s.time_zone).map((id) => ({ id, label: id }))}
          required
        />
      </FormFrame>
    </Section>
  )
}
