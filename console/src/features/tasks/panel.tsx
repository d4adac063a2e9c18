import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api, api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { DownloadButton } from '../../ui/download'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Facts, Moment } from '../../ui/parts'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { aboutOf, goesOn, isImport, pace, share, type Task } from './progress'
import { TaskStatus } from './tasks'
import { useUpload } from './upload'

const watched = {
  refetchInterval: (query: { state: { data: Task | undefined } }) => (query.state.data && goesOn(query.state.data) ? pace : false),
}

/** One import: how far it is, which rows were refused and why, and its files. */
export function ImportPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const params = { path: { org, import: id } }
  const { data: task, error } = $api.useQuery('get', '/api/v1/organizations/{org}/imports/{import}', { params }, watched)
  const cancel = $api.useMutation('post', '/api/v1/organizations/{org}/imports/{import}/cancel')
  if (!task) return <PanelWaiting title={t('tasks.import')} back={back} error={error} />
  return (
    <TaskPanel task={task} back={back} cancel={() => cancel.mutateAsync({ params })}>
      {task.status === 'done' && task.dry_run && task.has_original ? <Really task={task} /> : null}
      {task.has_result ? (
        <DownloadButton
          label={t('tasks.refused_rows')}
          name={`refused.${task.format}`}
          read={() => api.GET('/api/v1/organizations/{org}/imports/{import}/result', { params, parseAs: 'blob' })}
        />
      ) : null}
      {task.has_original ? (
        <DownloadButton
          label={t('tasks.original')}
          name={task.file_name}
          read={() => api.GET('/api/v1/organizations/{org}/imports/{import}/original', { params, parseAs: 'blob' })}
        />
      ) : null}
    </TaskPanel>
  )
}

/** One export, with its file. */
export function ExportPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const params = { path: { org, export: id } }
  const { data: task, error } = $api.useQuery('get', '/api/v1/organizations/{org}/exports/{export}', { params }, watched)
  const cancel = $api.useMutation('post', '/api/v1/organizations/{org}/exports/{export}/cancel')
  if (!task) return <PanelWaiting title={t('tasks.export')} back={back} error={error} />
  return (
    <TaskPanel task={task} back={back} cancel={() => cancel.mutateAsync({ params })}>
      {task.has_result ? (
        <DownloadButton
          label={t('tasks.result')}
          name={task.file_name}
          read={() => api.GET('/api/v1/organizations/{org}/exports/{export}/result', { params, parseAs: 'blob' })}
        />
      ) : null}
    </TaskPanel>
  )
}

function TaskPanel({ task, back, cancel, children }: { task: Task; back: string; cancel: () => Promise<unknown>; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const { progress: p } = task
  const brings = isImport(task)
  const counted = (n: number) => (brings ? number.format(n) : '')
  return (
    <Panel title={task.file_name} back={back} about={<TaskStatus task={task} />}>
      {goesOn(task) ? <Progress task={task} /> : null}
      {task.reason ? (
        <div className="alert" role="alert">
          <p>{task.reason.message}</p>
        </div>
      ) : null}
      {task.status === 'done' && task.dry_run ? <p className="note">{t('tasks.dry_run_done')}</p> : null}
      <Facts
        rows={[
          [t('tasks.about'), t(`tasks.about.${aboutOf(task)}`)],
          [t('tasks.rows'), number.format(p.done)],
          [t('tasks.made'), counted(p.created)],
          [t('tasks.changed'), counted(p.changed)],
          [t('tasks.unchanged'), counted(p.unchanged)],
          [t('tasks.refused'), counted(p.refused)],
        ]}
      />
      <div className="actions">
        {children}
        {goesOn(task) ? (
          <ConfirmButton verb={t('tasks.cancel')} title={t('tasks.cancel_title', { file: task.file_name })} act={cancel}>
            <p>{t('tasks.cancel_text', { count: p.done })}</p>
          </ConfirmButton>
        ) : null}
      </div>
      {brings && p.refused > 0 ? <Refusals task={task} /> : null}
      <Facts
        rows={[
          [t('tasks.by'), task.asked_by],
          [t('tasks.created'), <Moment key="c" at={task.created_at} />],
          [t('tasks.ended'), task.ended_at ? <Moment key="e" at={task.ended_at} /> : ''],
          [t('tasks.kept_until'), <Moment key="k" at={task.ends_at} />],
        ]}
      />
    </Panel>
  )
}

function Progress({ task }: { task: Task }) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const { done, total } = task.progress
  const percent = share(task.progress)
  return (
    <div className="field" role="status">
      <progress aria-label={t('tasks.progress')} {...(percent === undefined ? {} : { value: percent, max: 100 })} />
      <p className="help">
        {task.status === 'waiting'
          ? t('tasks.waiting')
          : total > 0
            ? t('tasks.done_of', { done: number.format(done), total: number.format(total) })
            : t('tasks.reading')}
      </p>
    </div>
  )
}

/** Takes the file that was looked through once more, this time in earnest. */
function Really({ task }: { task: Task }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const upload = useUpload()
  const p = task.progress
  const go = async () => {
    const { data } = await api.GET('/api/v1/organizations/{org}/imports/{import}/original', {
      params: { path: { org, import: task.id } },
      parseAs: 'blob',
    })
    const { id } = await upload(data as unknown as Blob, {
      about: aboutOf(task),
      file_name: task.file_name,
      dry_run: false,
      all_or_nothing: task.all_or_nothing,
      ...(aboutOf(task) === 'members' ? { make_departments: task.make_departments } : {}),
    })
    void navigate(at(`tasks/${id}`))
  }
  return (
    <ConfirmButton look="second" verb={t('tasks.really')} title={t('tasks.really_title', { file: task.file_name })} act={go}>
      <p>{t('tasks.really_text', { created: p.created, changed: p.changed, refused: p.refused })}</p>
    </ConfirmButton>
  )
}

type Refusal = Schemas['Refusal']

/** The rows that were refused, each with what to mend. */
function Refusals({ task }: { task: Task }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [cursors, setCursors] = useState<string[]>([])
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/imports/{import}/refusals', {
    params: { path: { org, import: task.id }, query: { cursor: cursors.at(-1) } },
  })
  const columns: ColumnOf<Refusal>[] = [
    { id: 'row', title: t('tasks.row'), cell: (r) => (r.heading ? `${r.row} · ${r.heading}` : r.row) },
    { id: 'message', title: t('tasks.remedy'), cell: (r) => <span className="wrap">{r.message}</span> },
  ]
  return (
    <Section title={t('tasks.refusals')}>
      <DataTable<Refusal>
        id="refusals"
        label={t('tasks.refusals')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(r) => `${r.row}.${r.column ?? ''}.${r.code}`}
        empty={null}
      />
      <Pager
        first={cursors.length === 0}
        next={data?.next}
        onFirst={() => setCursors([])}
        onNext={(next) => setCursors([...cursors, next])}
        onBack={() => setCursors(cursors.slice(0, -1))}
      />
    </Section>
  )
}
