import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { AddExport } from './export'
import { AddImport } from './import'
import { ExportPanel, ImportPanel } from './panel'
import { aboutOf, goesOn, pace, share, type Task } from './progress'

const statuses = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
const abouts = ['members', 'contacts'] as const

/** The task centre: what is or was brought in and written out by files. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useOrg()
  const { id } = useParams()
  const navigate = useNavigate()
  const view = useView()
  const list = view.get('list') === 'exports' ? 'exports' : 'imports'
  const back = at('tasks') + view.search
  const here = at(list === 'exports' ? 'tasks?list=exports' : 'tasks')
  return (
    <Page
      title={t('tasks.title')}
      action={
        <div className="actions">
          <ButtonLink look="first" href={at('tasks/import')}>
            {t('tasks.import')}
          </ButtonLink>
          <ButtonLink href={at('tasks/export?list=exports')}>{t('tasks.export')}</ButtonLink>
        </div>
      }
      tools={
        <>
          <Filter
            label={t('tasks.about')}
            value={view.get('about')}
            onChange={(v) => view.set('about', v)}
            choices={abouts.map((a) => ({ id: a, label: t(`tasks.about.${a}`) }))}
          />
          <Filter
            label={t('tasks.status')}
            value={view.get('status')}
            onChange={(v) => view.set('status', v)}
            choices={statuses.map((s) => ({ id: s, label: t(`tasks.status.${s}`) }))}
          />
        </>
      }
      panel={
        id === 'import' ? (
          <AddImport back={at('tasks')} />
        ) : id === 'export' ? (
          <AddExport back={here} />
        ) : id && list === 'exports' ? (
          <ExportPanel key={id} id={id} back={back} />
        ) : id ? (
          <ImportPanel key={id} id={id} back={back} />
        ) : null
      }
    >
      <Tabs selectedKey={list} onSelectionChange={(key) => void navigate(at(key === 'exports' ? 'tasks?list=exports' : 'tasks'))}>
        <TabList className="tabs" aria-label={t('tasks.title')}>
          <Tab id="imports">{t('tasks.imports')}</Tab>
          <Tab id="exports">{t('tasks.exports')}</Tab>
        </TabList>
        <TabPanel id="imports">
          <TaskList list="imports" />
        </TabPanel>
        <TabPanel id="exports">
          <TaskList list="exports" />
        </TabPanel>
      </Tabs>
    </Page>
  )
}

function TaskList({ list }: { list: 'imports' | 'exports' }) {
  const { t, i18n } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const number = new Intl.NumberFormat(i18n.language)
  const { data, error } = $api.useQuery(
    'get',
    `/api/v1/organizations/{org}/${list}`,
    {
      params: {
        path: { org },
        query: {
          cursor: view.query('cursor'),
          about: view.query('about') as (typeof abouts)[number] | undefined,
          status: view.query('status') as Task['status'] | undefined,
        },
      },
    },
    { refetchInterval: (query) => (query.state.data?.items.some(goesOn) ? 3 * pace : false) },
  )
  const columns: ColumnOf<Task>[] = [
    { id: 'number', title: t('tasks.number'), cell: (k) => `${k.number} · ${k.file_name}` },
    { id: 'about', title: t('tasks.about'), cell: (k) => t(`tasks.about.${aboutOf(k)}`) },
    { id: 'status', title: t('tasks.status'), cell: (k) => <TaskStatus task={k} /> },
    { id: 'done', title: t('tasks.rows'), numeric: true, cell: (k) => number.format(k.progress.done) },
    { id: 'refused', title: t('tasks.refused'), numeric: true, cell: (k) => number.format(k.progress.refused), spare: list === 'exports' },
    { id: 'created', title: t('tasks.created'), cell: (k) => <Moment at={k.created_at} /> },
    { id: 'by', title: t('tasks.by'), cell: (k) => k.asked_by, spare: true },
  ]
  return (
    <>
      <DataTable<Task>
        id={list}
        label={t(`tasks.${list}`)}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(k) => k.id}
        href={(k) => at(`tasks/${k.id}`) + view.search}
        open={id}
        empty={<Empty title={t('tasks.none')}>{t(`tasks.none_${list}`)}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </>
  )
}

const tones = { waiting: 'plain', running: 'warn', done: 'good', failed: 'bad', cancelled: 'plain' } as const

/** How a task stands, with how far it is while it goes on. */
export function TaskStatus({ task }: { task: Task }) {
  const { t } = useTranslation()
  const percent = task.status === 'running' ? share(task.progress) : undefined
  return (
    <Tag tone={tones[task.status]}>
      {t(`tasks.status.${task.status}`)}
      {percent === undefined ? '' : ` ${percent} %`}
      {task.dry_run ? ` · ${t('tasks.dry_run_short')}` : ''}
    </Tag>
  )
}
