import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Section } from '../../ui/dialog'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment } from '../../ui/parts'
import { DataTable, Pager } from '../../ui/table'
import { Waiting } from '../centre/approvals'
import { RequestState } from '../centre/state'

type Request = Schemas['Request']
const states = ['approved', 'rejected', 'withdrawn'] as const

/** What people ask of the organisation: what waits, and what was decided. */
export function Component() {
  const { t } = useTranslation()
  const { org } = useOrg()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/requests', {
    params: { path: { org }, query: { cursor: view.query('cursor'), state: view.query('state') as (typeof states)[number] | undefined } },
  })
  return (
    <Page title={t('nav.requests')}>
      <Section title={t('requests.waiting')}>
        <Waiting org={org} />
      </Section>
      <Section
        title={t('requests.history')}
        actions={
          <Filter
            label={t('requests.what_became')}
            value={view.get('state')}
            onChange={(state) => view.set('state', state)}
            choices={states.map((s) => ({ id: s, label: t(`requests.state.${s}`) }))}
          />
        }
      >
        <DataTable<Request>
          id="requests"
          label={t('requests.history')}
          items={data?.items.filter((r) => r.state !== 'pending')}
          error={error}
          keyOf={(r) => r.id}
          empty={<Empty title={t('requests.no_history')} />}
          columns={[
            { id: 'applicant', title: t('requests.applicant'), cell: (r) => r.applicant },
            {
              id: 'what',
              title: t('requests.what'),
              cell: (r) =>
                r.kind === 'join'
                  ? t('requests.join', { organization: r.organization })
                  : t('requests.entry', { application: r.application }),
            },
            { id: 'state', title: t('requests.what_became'), cell: (r) => <RequestState state={r.state} /> },
            { id: 'by', title: t('requests.by'), cell: (r) => r.decided_by },
            { id: 'at', title: t('requests.at'), cell: (r) => <Moment at={r.decided_at} /> },
          ]}
        />
        <Pager {...view.pager} next={data?.next} />
      </Section>
    </Page>
  )
}
