import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { problemOf } from '../../api/problem'
import { useOrg, useOrganization } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { CheckInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Facts, Loading, Moment, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'

const path = '/api/v1/organizations/{org}/handover'

/** To whom the organisation belongs, and its end. Both are the owner's. */
export function Ownership() {
  return (
    <>
      <HandOver />
      <Dissolve />
    </>
  )
}

function HandOver() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', path, { params: { path: { org } } })
  // Nothing is offered: that is the usual, and no failure.
  const none = error && problemOf(error).status === 404
  return (
    <Section title={t('organization.handover')}>
      <p>{t('organization.handover_text')}</p>
      {none ? <Offer /> : error ? <Refused error={error} /> : data ? <Offered handover={data} /> : <Loading />}
    </Section>
  )
}

function Offered({ handover: h }: { handover: Schemas['Handover'] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const withdraw = $api.useMutation('delete', path)
  return (
    <>
      <Facts
        rows={[
          [t('organization.receiver'), `${h.name} · ${h.contact}`],
          [t('organization.offer_ends'), <Moment key="e" at={h.ends_at} />],
          [t('organization.afterwards'), h.leaves ? t('organization.leaves') : t('organization.stays')],
        ]}
      />
      <div className="actions">
        <ConfirmButton
          verb={t('organization.withdraw')}
          title={t('organization.withdraw_title', { name: h.name })}
          act={async () => {
            await withdraw.mutateAsync({ params: { path: { org } } })
            say(t('organization.withdrawn'))
          }}
        >
          <p>{t('organization.withdraw_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}

function Offer() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const offer = $api.useMutation('post', path)
  const draft = useDraft({ name: '', contact: '', leaves: false })
  const submit = async () => {
    const made = await offer.mutateAsync({ params: { path: { org } }, body: draft.values })
    say(t('organization.offered', { contact: made.contact }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('organization.offer')}>
      <TextInput {...draft.at('name')} label={t('organization.receiver_name')} required maxLength={64} />
      <TextInput {...draft.at('contact')} label={t('organization.receiver_contact')} required />
      <CheckInput {...draft.at('leaves')} label={t('organization.leave')} help={t('organization.leave_help')} />
    </FormFrame>
  )
}

/** The end of the organisation, for ever: its code has to be typed. */
function Dissolve() {
  const { t, i18n } = useTranslation()
  const { org } = useOrg()
  const o = useOrganization()
  const dissolve = $api.useMutation('post', '/api/v1/organizations/{org}/dissolve')
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/reports/people', {
    params: { path: { org }, query: { dimension: 'day', count: 1 } },
  })
  const people = data ? new Intl.NumberFormat(i18n.language).format(data.people) : '…'
  return (
    <Section title={t('organization.dissolve')}>
      <p>{t('organization.dissolve_text')}</p>
      <div className="actions">
        <ConfirmButton
          verb={t('organization.dissolve')}
          title={t('organization.dissolve_title', { name: o.name })}
          typed={o.code}
          act={async () => {
            await dissolve.mutateAsync({ params: { path: { org }, header: { 'If-Match': version(o.version) } }, body: { confirm: o.code } })
            // There is nothing left here to be shown.
            location.assign('/')
          }}
        >
          <p>{t('organization.dissolve_people', { people })}</p>
          <p>{t('organization.dissolve_for_ever')}</p>
        </ConfirmButton>
      </div>
    </Section>
  )
}
