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
import { Empty, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { Chip, type ColumnOf, DataTable, Pager } from '../../ui/table'
import { LendRooms } from './lend'
import { RoomPanel } from './panel'
import { Size } from './size'
import { lent, type Room, seatsOf, sizes } from './sorted'

const states = ['live', 'unassigned', 'disabled'] as const
/** Filters that a link from elsewhere sets: they are shown as what they are, and can only be taken away. */
const given = ['member', 'terminal', 'resource'] as const

/** The meeting rooms of the organisation, and who has them. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const [selected, setSelected] = useState<Selection>(new Set())
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/rooms', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        status: view.query('status') as (typeof states)[number] | undefined,
        package: view.query('package') as (typeof sizes)[number] | undefined,
        member: view.query('member'),
        terminal: view.query('terminal'),
        resource: view.query('resource'),
        sort: view.query('sort') as 'created' | 'name' | undefined,
      },
    },
  })
  const columns: ColumnOf<Room>[] = [
    { id: 'name', title: t('rooms.name'), sort: 'name', cell: (r) => r.name },
    { id: 'number', title: t('rooms.number'), cell: (r) => <code>{r.number}</code> },
    { id: 'size', title: t('rooms.size'), cell: (r) => <Size size={r.package} /> },
    { id: 'holder', title: t('rooms.holder'), cell: (r) => <HolderName room={r} /> },
    { id: 'state', title: t('members.status'), cell: (r) => <RoomState room={r} /> },
    { id: 'ends', title: t('rooms.ends'), cell: (r) => <Moment at={r.ends_at} /> },
    { id: 'created', title: t('members.created'), sort: 'created', cell: (r) => <Moment at={r.created_at} />, spare: true },
  ]
  const back = at('rooms') + view.search
  const narrowed = ['q', 'status', 'package', ...given].some((name) => view.get(name))
  return (
    <Page title={t('rooms.title')} tools={<Tools first={data?.items[0]} />} panel={id ? <RoomPanel key={id} id={id} back={back} /> : null}>
      <ManyRooms selected={selected} rooms={data?.items ?? []} onDone={() => setSelected(new Set())} />
      <DataTable<Room>
        id="rooms"
        label={t('rooms.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(r) => r.id}
        href={(r) => at(`rooms/${r.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        selected={selected}
        onSelect={setSelected}
        empty={
          narrowed ? (
            <Empty title={t('rooms.none_found')}>{t('terminals.none_found_text')}</Empty>
          ) : (
            <Empty title={t('rooms.none')} action={<ButtonLink href={at('resources')}>{t('rooms.to_resources')}</ButtonLink>}>
              {t('rooms.none_text')}
            </Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function Tools({ first }: { first?: Room }) {
  const { t } = useTranslation()
  const view = useView()
  const names = { member: first?.member_name, terminal: first?.terminal_name, resource: '' }
  return (
    <>
      <Search label={t('rooms.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
      <Filter
        label={t('members.status')}
        value={view.get('status')}
        onChange={(v) => view.set('status', v)}
        choices={states.map((s) => ({ id: s, label: t(`rooms.state.${s}`) }))}
      />
      <Filter
        label={t('rooms.size')}
        value={view.get('package')}
        onChange={(v) => view.set('package', v)}
        choices={sizes.map((s) => ({ id: s, label: t('rooms.seats', { count: seatsOf(s) }) }))}
      />
      {given.map((name) =>
        view.get(name) ? (
          <Chip key={name} label={t(`rooms.only.${name}`, { name: names[name] ?? view.get(name) })} onRemove={() => view.set(name, '')} />
        ) : null,
      )}
    </>
  )
}

/** Who has a room: a member, a terminal, or nobody. */
export function HolderName({ room: r }: { room: Room }) {
  const { t } = useTranslation()
  if (r.terminal) return t('rooms.terminal_named', { name: r.terminal_name })
  return r.member ? r.member_name : <span className="muted">{t('rooms.nobody')}</span>
}

const tones = { live: 'good', unassigned: 'plain', disabled: 'bad' } as const

/** What a room is good for now. */
export function RoomState({ room }: { room: Room }) {
  const { t } = useTranslation()
  return <Tag tone={tones[room.status]}>{t(`rooms.state.${room.status}`)}</Tag>
}

/** What can be done with those that are ticked: each button counts those that it concerns. */
function ManyRooms({ selected, rooms, onDone }: { selected: Selection; rooms: Room[]; onDone: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const recall = $api.useMutation('post', '/api/v1/organizations/{org}/rooms/recall')
  const remove = $api.useMutation('post', '/api/v1/organizations/{org}/rooms/remove')
  const chosen = rooms.filter((r) => selected === 'all' || selected.has(r.id))
  if (chosen.length === 0) return null
  const out = chosen.filter(lent)
  const free = chosen.filter((r) => !lent(r))
  const params = { path: { org } }
  const ids = (some: Room[]) => ({ rooms: some.map((r) => r.id) })
  return (
    <div className="many" role="toolbar" aria-label={t('members.many')}>
      <span>{t('members.chosen', { count: chosen.length })}</span>
      {free.length > 0 ? <LendRooms rooms={free} onDone={onDone} /> : null}
      {out.length > 0 ? (
        <ConfirmButton
          verb={t('rooms.recall')}
          title={t('rooms.recall_many', { count: out.length })}
          act={async () => {
            await recall.mutateAsync({ params, body: ids(out) })
            onDone()
            say(t('rooms.recalled_many', { count: out.length }))
          }}
        >
          <p>{t('rooms.recall_text')}</p>
        </ConfirmButton>
      ) : null}
      {free.length > 0 ? (
        <ConfirmButton
          verb={t('rooms.remove')}
          title={t('rooms.remove_many', { count: free.length })}
          act={async () => {
            await remove.mutateAsync({ params, body: ids(free) })
            onDone()
            say(t('rooms.removed_many', { count: free.length }))
          }}
        >
          <p>{t('rooms.remove_text')}</p>
        </ConfirmButton>
      ) : null}
    </div>
  )
}
