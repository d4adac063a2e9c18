import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { useScope } from '../../app/scope'
import { languages } from '../../i18n'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Loading, Moment, Refused, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { draftOf, textsOf } from './texts'

type Statement = Schemas['PrivacyStatement']

/** Where a statement is kept: that of an organisation, or that of the installation for those that have none. */
function useCalls() {
  const { org, at, path } = useScope()
  return {
    org,
    at,
    one: path('/api/v1/organizations/{org}/privacy-statement', '/api/v1/settings/privacy-statement'),
    publish: path('/api/v1/organizations/{org}/privacy-statement/publish', '/api/v1/settings/privacy-statement/publish'),
    versions: path('/api/v1/organizations/{org}/privacy-statement/versions', '/api/v1/settings/privacy-statement/versions'),
    acceptances: path('/api/v1/organizations/{org}/privacy-statement/acceptances', '/api/v1/settings/privacy-statement/acceptances'),
    people: path('/api/v1/organizations/{org}/reports/people', '/api/v1/provider/reports/people'),
  }
}

/** A privacy statement: what is written, what was published, and who accepted it. */
export function Component() {
  const { t } = useTranslation()
  const { org, at, one } = useCalls()
  const navigate = useNavigate()
  const { id = 'draft' } = useParams()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org } } })
  return (
    <Page title={t('privacy.title')}>
      {error ? (
        <Refused error={error} />
      ) : !data ? (
        <Loading />
      ) : (
        <>
          <p>
            {data.current > 0 ? (
              <Tag tone="good">{t('privacy.in_force', { number: data.current })}</Tag>
            ) : (
              <Tag>{t('privacy.not_asked')}</Tag>
            )}
          </p>
          <Tabs
            selectedKey={id}
            onSelectionChange={(key) => void navigate(at(key === 'draft' ? 'privacy' : `privacy/${key}`), { replace: true })}
          >
            <TabList className="tabs" aria-label={t('privacy.title')}>
              <Tab id="draft">{t('privacy.draft')}</Tab>
              <Tab id="versions">{t('privacy.versions')}</Tab>
              <Tab id="acceptances">{t('privacy.acceptances')}</Tab>
            </TabList>
            <TabPanel id="draft" className="column-of-forms">
              <DraftForm key={data.version} statement={data} />
            </TabPanel>
            <TabPanel id="versions">
              <Versions />
            </TabPanel>
            <TabPanel id="acceptances">
              <Acceptances statement={data} />
            </TabPanel>
          </Tabs>
        </>
      )}
    </Page>
  )
}

function DraftForm({ statement: s }: { statement: Statement }) {
  const { t } = useTranslation()
  const { org, one } = useCalls()
  const say = useSay()
  const write = $api.useMutation('put', one)
  const draft = useDraft(draftOf(s.draft))
  const submit = async () => {
    await write.mutateAsync({
      params: { path: { org }, header: s.version > 0 ? { 'If-Match': version(s.version) } : {} },
      body: { texts: textsOf(draft.values) },
    })
    say(t('privacy.saved'))
  }
  return (
    <>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('privacy.save')}>
        <p className="help">{t('privacy.form_help')}</p>
        {(['zh-CN', 'en-US'] as const).map((language) => (
          <fieldset key={language} className="choices" lang={language}>
            <legend>{languages[language]}</legend>
            <TextInput
              {...draft.at(`${language}.title`)}
              name={`texts.${language}.title`}
              label={t('privacy.heading', { language: languages[language] })}
              maxLength={100}
            />
            <TextInput
              {...draft.at(`${language}.body`)}
              name={`texts.${language}.body`}
              label={t('privacy.body', { language: languages[language] })}
              rows={12}
              maxLength={20_000}
            />
          </fieldset>
        ))}
      </FormFrame>
      <Publishing statement={s} unsaved={draft.dirty} />
    </>
  )
}

/** The draft becomes a version that everybody accepts, or nobody is asked any more. */
function Publishing({ statement: s, unsaved }: { statement: Statement; unsaved: boolean }) {
  const { t, i18n } = useTranslation()
  const { org, ...calls } = useCalls()
  const say = useSay()
  const publish = $api.useMutation('post', calls.publish)
  const withdraw = $api.useMutation('delete', calls.one)
  const { data } = $api.useQuery('get', calls.people, {
    params: { path: { org }, query: { dimension: 'day', count: 1 } },
  })
  const people = data ? new Intl.NumberFormat(i18n.language).format(data.people) : '…'
  const params = { path: { org }, header: { 'If-Match': version(s.version) } }
  const written = Object.keys(s.draft ?? {}).length > 0
  return (
    <div className="actions">
      {written ? (
        <ConfirmButton
          look="second"
          verb={t('privacy.publish')}
          disabled={unsaved}
          title={t('privacy.publish_title', { number: s.last + 1 })}
          act={async () => {
            await publish.mutateAsync({ params })
            say(t('privacy.published', { number: s.last + 1 }))
          }}
        >
          <p>{org ? t('privacy.publish_text', { people }) : t('privacy.publish_all', { people })}</p>
        </ConfirmButton>
      ) : null}
      {s.current > 0 ? (
        <ConfirmButton
          verb={t('privacy.withdraw')}
          title={t('privacy.withdraw_title', { number: s.current })}
          act={async () => {
            await withdraw.mutateAsync({ params })
            say(t('privacy.withdrawn'))
          }}
        >
          <p>{t('privacy.withdraw_text')}</p>
        </ConfirmButton>
      ) : null}
    </div>
  )
}

function Versions() {
  const { t } = useTranslation()
  const { org, versions } = useCalls()
  const [cursors, setCursors] = useState<string[]>([])
  const { data, error } = $api.useQuery('get', versions, { params: { path: { org }, query: { cursor: cursors.at(-1) } } })
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  if (data.items.length === 0) return <Empty title={t('privacy.no_versions')} />
  return (
    <>
      {data.items.map((v) => (
        <details key={v.number} className="card">
          <summary>
            {t('privacy.version', { number: v.number })} · <Moment at={v.published_at} /> · {v.published_by}
          </summary>
          {Object.entries(v.texts).map(([language, text]) => (
            <article key={language} lang={language} className="section">
              <h3>{text.title}</h3>
              <p className="as-written">{text.body}</p>
            </article>
          ))}
        </details>
      ))}
      <Pager
        first={cursors.length === 0}
        next={data.next}
        onFirst={() => setCursors([])}
        onNext={(next) => setCursors([...cursors, next])}
        onBack={() => setCursors(cursors.slice(0, -1))}
      />
    </>
  )
}

type Acceptance = Schemas['PrivacyAcceptance']

function Acceptances({ statement: s }: { statement: Statement }) {
  const { t } = useTranslation()
  const { org, acceptances } = useCalls()
  const view = useView()
  const { data, error } = $api.useQuery('get', acceptances, {
    params: { path: { org }, query: { cursor: view.query('cursor') } },
  })
  const columns: ColumnOf<Acceptance>[] = [
    { id: 'name', title: t('members.name'), cell: (a) => a.name },
    { id: 'number', title: t('privacy.number'), numeric: true, cell: (a) => a.number },
    { id: 'at', title: t('privacy.accepted_at'), cell: (a) => <Moment at={a.at} /> },
  ]
  if (s.current === 0) return <Empty title={t('privacy.not_asked')} />
  return (
    <>
      <DataTable<Acceptance>
        id="acceptances"
        label={t('privacy.acceptances')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(a) => `${a.account_id}.${a.number}`}
        empty={<Empty title={t('privacy.nobody')} />}
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}
