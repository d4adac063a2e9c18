import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button, ButtonLink } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Facts, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { DepartmentFields } from './fields'
import { usePeople } from './people'
import { sent, type Typed } from './sent'
import { type Department, useDepartments } from './tree'

/** One department: what it is called, who sees whom, and who administers it. */
export function DepartmentPanel({ code, back, onMove }: { code: string; back: string; onMove: () => void }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const { part = 'about' } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/departments/{dept}', { params: { path: { org, dept: code } } })
  if (!data) return <PanelWaiting title={t('departments.one')} back={back} error={error} />
  const here = at(`departments/${encodeURIComponent(code)}`)
  return (
    <Panel title={data.name} back={back}>
      <Tabs
        selectedKey={part}
        onSelectionChange={(key) => void navigate(here + (key === 'about' ? '' : `/${key}`) + location.search, { replace: true })}
      >
        <TabList className="tabs" aria-label={data.name}>
          <Tab id="about">{t('departments.about')}</Tab>
          <Tab id="edit">{t('departments.edit')}</Tab>
        </TabList>
        <TabPanel id="about">
          <About department={data} />
          <Actions department={data} back={back} onMove={onMove} />
          <Administrators department={data} />
        </TabPanel>
        <TabPanel id="edit">
          <EditDepartment key={data.version} department={data} />
        </TabPanel>
      </Tabs>
    </Panel>
  )
}

function About({ department: d }: { department: Department }) {
  const { t } = useTranslation()
  const departments = useDepartments()
  const people = usePeople(d.code)
  return (
    <Facts
      rows={[
        [t('departments.code'), <Copyable key="c" text={d.code} label={t('departments.code')} />],
        [t('departments.parent'), d.parent ? departments.name(d.parent) : ''],
        [t('departments.people_within'), people],
        [t('departments.note'), d.note],
        [t('departments.sees'), t(`departments.sees.${d.sees}`)],
        [t('departments.designated'), d.designated.map(departments.name).join(', ')],
        [t('departments.open'), d.open ? t('common.yes') : t('common.no')],
        [t('departments.sort_level'), d.sort_level],
        [t('departments.created'), <Moment key="m" at={d.created_at} />],
      ]}
    />
  )
}

function Actions({ department: d, back, onMove }: { department: Department; back: string; onMove: () => void }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const remove = $api.useMutation('delete', '/api/v1/organizations/{org}/departments/{dept}')
  const code = encodeURIComponent(d.code)
  return (
    <div className="actions">
      <ButtonLink href={at(`departments/new?parent=${code}`)}>{t('departments.add_below')}</ButtonLink>
      <ButtonLink href={at(`members?department=${code}`)}>{t('departments.show_people')}</ButtonLink>
      {d.parent ? (
        <>
          <Button onPress={onMove}>{t('departments.move')}</Button>
          <ConfirmButton
            verb={t('departments.remove')}
            title={t('departments.remove_title', { name: d.name })}
            act={async () => {
              await remove.mutateAsync({ params: { path: { org, dept: d.code }, header: { 'If-Match': version(d.version) } } })
              say(t('departments.removed', { name: d.name }))
              void navigate(back)
            }}
          >
            <p>{t('departments.remove_text')}</p>
          </ConfirmButton>
        </>
      ) : null}
    </div>
  )
}

/** Who administers the department as a department administrator. The role is given at the member. */
function Administrators({ department: d }: { department: Department }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { data } = $api.useQuery('get', '/api/v1/organizations/{org}/departments/{dept}/administrators', {
    params: { path: { org, dept: d.code } },
  })
  if (!data) return null
  return (
    <Section title={t('departments.administrators')}>
      {data.items.length === 0 ? (
        <p className="help">{t('departments.no_administrators')}</p>
      ) : (
        <ul className="things">
          {data.items.map((m) => (
            <li key={m.id}>
              <div>
                <strong>{m.name}</strong>
                <p className="help">{m.account}</p>
              </div>
              <ButtonLink look="quiet" href={at(`members/${m.id}`)}>
                {t('common.show')}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function EditDepartment({ department: d }: { department: Department }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/departments/{dept}')
  const draft = useDraft<Typed>({
    name: d.name,
    note: d.note,
    sort_level: String(d.sort_level),
    sees: d.sees,
    designated: d.designated,
    open: d.open,
  })
  const submit = async () => {
    await change.mutateAsync({
      params: { path: { org, dept: d.code }, header: { 'If-Match': version(d.version) } },
      body: sent(draft.changed(), draft.values.sees),
    })
    say(t('departments.changed', { name: draft.values.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <TextInput
        {...draft.at('name')}
        label={t('departments.name')}
        required
        maxLength={128}
        disabled={!d.parent}
        help={d.parent ? undefined : t('departments.root_help')}
      />
      <DepartmentFields draft={draft} />
    </FormFrame>
  )
}
