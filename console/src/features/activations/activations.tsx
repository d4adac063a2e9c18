import { useState } from 'react'
import type { Selection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { useDepartments } from '../departments/tree'
import { CodeUntil } from '../terminals/state'
import { AddCodes } from './add'
import { type ActivationCode, devices } from './codes'
import { CodePanel } from './panel'

/** The codes by which smart screens, IdeaHubs and whiteboards become the organisation's. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const [selected, setSelected] = useState<Selection>(new Set())
  const departments = useDepartments()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/activation-codes', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        device: view.query('device') as (typeof devices)[number] | undefined,
        department: view.query('department'),
        sort: view.query('sort') as 'created' | 'name' | undefined,
      },
    },
  })
  const columns: ColumnOf<ActivationCode>[] = [
    { id: 'name', title: t('activations.name'), sort: 'name', cell: (c) => c.name },
    { id: 'code', title: t('activations.code'), cell: (c) => <code>{c.code}</code> },
    { id: 'device', title: t('activations.device'), cell: (c) => t(`activations.device.${c.device}`) },
    { id: 'department', title: t('members.department'), cell: (c) => departments.name(c.department) },
    { id: 'until', title: t('activations.until'), cell: (c) => <CodeUntil endsAt={c.ends_at} /> },
    { id: 'created', title: t('members.created'), sort: 'created', cell: (c) => <Moment at={c.created_at} />, spare: true },
  ]
  const back = at('activation-codes') + view.search
  const add = (
    <ButtonLink look="first" href={at('activation-codes/new') + view.search}>
      {t('activations.add')}
    </ButtonLink>
  )
  const narrowed = view.get('q') || view.get('device') || view.get('department')
  return (
    <Page
      title={t('activations.title')}
      action={add}
      tools={
        <>
          <Search label={t('activations.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
          <Filter
            label={t('activations.device')}
            value={view.get('device')}
            onChange={(v) => view.set('device', v)}
            choices={devices.map((d) => ({ id: d, label: t(`activations.device.${d}`) }))}
          />
          <Filter
            label={t('members.department')}
            value={view.get('department')}
            onChange={(v) => view.set('department', v)}
            choices={departments.list.map((d) => ({ id: d.code, label: `${'  '.repeat(d.level - 1)}${d.name}` }))}
          />
        </>
      }
      panel={id === 'new' ? <AddCodes back={back} /> : id ? <CodePanel key={id} id={id} back={back} /> : null}
    >
      <ManyCodes selected={selected} codes={data?.items ?? []} onDone={() => setSelected(new Set())} />
      <DataTable<ActivationCode>
        id="activations"
        label={t('activations.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(c) => c.id}
        href={(c) => at(`activation-codes/${c.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        selected={selected}
        onSelect={setSelected}
        empty={
          narrowed ? (
            <Empty title={t('activations.none_found')}>{t('terminals.none_found_text')}</Empty>
          ) : (
            <Empty title={t('activations.none')} action={add}>
              {t('activations.none_text')}
            </Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

/** Those that are ticked are removed together, or none is. */
function ManyCodes({ selected, codes, onDone }: { selected: Selection; codes: ActivationCode[]; onDone: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const remove = $api.useMutation('post', '/api/v1/organizations/{org}/activation-codes/remove')
  const chosen = codes.filter((c) => selected === 'all' || selected.has(c.id))
  if (chosen.length === 0) return null
  const count = chosen.length
  return (
    <div className="many" role="toolbar" aria-label={t('members.many')}>
      <span>{t('members.chosen', { count })}</span>
      <ConfirmButton
        verb={t('activations.remove')}
        title={t('activations.remove_many', { count })}
        act={async () => {
          await remove.mutateAsync({ params: { path: { org } }, body: { activation_codes: chosen.map((c) => c.id) } })
          onDone()
          say(t('activations.removed_many', { count }))
        }}
      >
        <p>{chosen.map((c) => c.name).join(' · ')}</p>
        <p>{t('activations.remove_text')}</p>
      </ConfirmButton>
    </div>
  )
}
