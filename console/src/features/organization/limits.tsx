import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg, useOrganization } from '../../app/organization'
import { Section } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Facts, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable } from '../../ui/table'

type QuotaRequest = Schemas['QuotaRequest']

const path = '/api/v1/organizations/{org}/quota-requests'

/** How much room the organisation has, and the way to ask for more. */
export function LimitsOf() {
  const { t, i18n } = useTranslation()
  const { limits: l } = useOrganization()
  const number = new Intl.NumberFormat(i18n.language)
  const shown = (n: number | undefined) => (n ? number.format(n) : t('organization.unlimited'))
  return (
    <>
      <Facts
        rows={[
          [t('organization.limit.members'), shown(l.members)],
          [t('organization.limit.departments'), shown(l.departments)],
          [t('organization.limit.department_levels'), shown(l.department_levels)],
          [t('organization.limit.department_children'), shown(l.department_children)],
          [t('organization.limit.domains'), number.format(l.domains || 3)],
        ]}
      />
      <QuotaRequests />
    </>
  )
}

const tones = { pending: 'warn', approved: 'good', rejected: 'bad', withdrawn: 'plain' } as const

/** The wishes for more members: a new one, and what became of those before. */
export function QuotaRequests() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const { data, error } = $api.useQuery('get', path, { params: { path: { org } } })
  const ask = $api.useMutation('post', path)
  const draft = useDraft({ reason: '' })
  const submit = async () => {
    await ask.mutateAsync({ params: { path: { org } }, body: draft.values })
    draft.reset({ reason: '' })
    say(t('organization.asked'))
  }
  const columns: ColumnOf<QuotaRequest>[] = [
    { id: 'created', title: t('organization.asked_at'), cell: (q) => <Moment at={q.created_at} /> },
    {
      id: 'state',
      title: t('organization.request_state'),
      cell: (q) => <Tag tone={tones[q.state]}>{t(`organization.request.${q.state}`)}</Tag>,
    },
    { id: 'reason', title: t('organization.reason'), cell: (q) => <span className="wrap">{q.reason}</span> },
    { id: 'answer', title: t('organization.answer'), cell: (q) => <span className="wrap">{q.answer}</span> },
  ]
  return (
    <Section title={t('organization.more')}>
      <p>{t('organization.more_text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('organization.ask')}>
        <TextInput {...draft.at('reason')} label={t('organization.reason')} maxLength={500} />
      </FormFrame>
      <DataTable<QuotaRequest>
        id="quota"
        label={t('organization.requests')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(q) => q.id}
        empty={<p className="help">{t('organization.no_requests')}</p>}
      />
    </Section>
  )
}
