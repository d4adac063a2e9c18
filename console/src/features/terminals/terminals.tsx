import { useState } from 'react'
import type { Selection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { useDepartments } from '../departments/tree'
import { AddTerminal } from './add'
import { useModels } from './models'
import { TerminalPanel } from './panel'
import { CodeUntil, TerminalState } from './state'

export type Terminal = Schemas['Terminal']

const states = ['enabled', 'disabled'] as const
const filters = ['q', 'model', 'status', 'department'] as const

/** The room systems that sign in by themselves. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const [selected, setSelected] = useState<Selection>(new Set())
  const departments = useDepartments()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/terminals', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        model: view.query('model'),
        status: view.query('status') as (typeof states)[number] | undefined,
        department: view.query('department'),
        alone: view.get('department') && view.get('alone') ? true : undefined,
        sort: view.query('sort') as 'created' | 'name' | undefined,
      },
    },
  })
  const columns: ColumnOf<Terminal>[] = [
    { id: 'name', title: t('terminals.name'), sort: 'name', cell: (m) => m.name },
    { id: 'serial', title: t('terminals.serial'), cell: (m) => <code>{m.serial}</code> },
    { id: 'model', title: t('terminals.model'), cell: (m) => m.model },
    { id: 'department', title: t('members.department'), cell: (m) => departments.name(m.department) },
    { id: 'state', title: t('members.status'), cell: (m) => <TerminalState terminal={m} /> },
    { id: 'code', title: t('activations.code'), cell: (m) => <CodeUntil endsAt={m.activation_ends_at} /> },
    { id: 'number', title: t('terminals.number'), cell: (m) => <code>{m.number}</code>, spare: true },
    { id: 'created', title: t('members.created'), sort: 'created', cell: (m) => <Moment at={m.created_at} />, spare: true },
  ]
  const back = at('terminals') + view.search
  const add = (
    <ButtonLink look="first" href={at('terminals/new') + view.search}>
      {t('terminals.add')}
    </ButtonLink>
  )
  const narrowed = filters.some((name) => view.get(name))
  return (
    <Page
      title={t('terminals.title')}
      action={add}
      tools={<Tools />}
      panel={id === 'new' ? <AddTerminal back={back} /> : id ? <TerminalPanel key={id} id={id} back={back} /> : null}
    >
      <ManyTerminals selected={selected} terminals={data?.items ?? []} onDone={() => setSelected(new Set())} />
      <DataTable<Terminal>
        id="terminals"
        label={t('terminals.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(m) => m.id}
        href={(m) => at(`terminals/${m.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        selected={selected}
        onSelect={setSelected}
        empty={
          narrowed ? (
            <Empty title={t('terminals.none_found')}>{t('terminals.none_found_text')}</Empty>
          ) : (
            <Empty title={t('terminals.none')} action={add}>
              {t('terminals.none_text')}
            </Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function Tools() {
  const { t } = useTranslation()
  const view = useView()
  const departments = useDepartments()
  const models = useModels()
  return (
    <>
      <Search label={t('terminals.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
      <Filter
        label={t('terminals.model')}
        value={view.get('model')}
        onChange={(v) => view.set('model', v)}
        choices={models.list.map((m) => ({ id: m.name, label: m.name }))}
      />
      <Filter
        label={t('members.status')}
        value={view.get('status')}
        onChange={(v) => view.set('status', v)}
        choices={states.map((s) => ({ id: s, label: t(`terminals.state.${s}`) }))}
      />
      <Filter
        label={t('members.department')}
        value={view.get('department')}
        onChange={(v) => view.set('department', v)}
        choices={departments.list.map((d) => ({ id: d.code, label: `${'  '.repeat(d.level - 1)}${d.name}` }))}
      />
      {view.get('department') ? (
        <Filter
          label={t('terminals.below')}
          value={view.get('alone')}
          onChange={(v) => view.set('alone', v)}
          choices={[{ id: 'true', label: t('terminals.below_without') }]}
        />
      ) : null}
    </>
  )
}

/** What can be done with those that are ticked: with all of them, or with none. */
function ManyTerminals({ selected, terminals, onDone }: { selected: Selection; terminals: Terminal[]; onDone: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const disable = $api.useMutation('post', '/api/v1/organizations/{org}/terminals/disable')
  const enable = $api.useMutation('post', '/api/v1/organizations/{org}/terminals/enable')
  const remove = $api.useMutation('post', '/api/v1/organizations/{org}/terminals/remove')
  const chosen = terminals.filter((m) => selected === 'all' || selected.has(m.id))
  if (chosen.length === 0) return null
  const count = chosen.length
  const all = { params: { path: { org } }, body: { terminals: chosen.map((m) => m.id) } }
  const then = async (done: Promise<unknown>, text: string) => {
    await done
    onDone()
    say(text)
  }
  return (
    <div className="many" role="toolbar" aria-label={t('members.many')}>
      <span>{t('members.chosen', { count })}</span>
      <ConfirmButton
        verb={t('terminals.disable')}
        title={t('terminals.disable_many', { count })}
        act={() => then(disable.mutateAsync(all), t('terminals.disabled_many', { count }))}
      >
        <p>{t('terminals.disable_text')}</p>
      </ConfirmButton>
      <ConfirmButton
        look="second"
        verb={t('terminals.enable')}
        title={t('terminals.enable_many', { count })}
        act={() => then(enable.mutateAsync(all), t('terminals.enabled_many', { count }))}
      >
        <p>{t('terminals.enable_text')}</p>
      </ConfirmButton>
      <ConfirmButton
        verb={t('terminals.remove')}
        title={t('terminals.remove_many', { count })}
        act={() => then(remove.mutateAsync(all), t('terminals.removed_many', { count }))}
      >
        <p>{chosen.map((m) => m.name).join(' · ')}</p>
        <p>{t('terminals.remove_many_text')}</p>
      </ConfirmButton>
    </div>
  )
}
