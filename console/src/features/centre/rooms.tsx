import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { CheckInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Empty, Facts, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { Size } from '../rooms/size'

type MyRoom = Schemas['MyRoom']

/** The personal meeting room of who is signed in, and those that are lent to them. */
export function Component() {
  const { t } = useTranslation()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/me/rooms', {
    params: { query: { q: view.query('q'), cursor: view.query('cursor') } },
  })
  const columns: ColumnOf<MyRoom>[] = [
    { id: 'name', title: t('rooms.name'), cell: (r) => r.name },
    { id: 'number', title: t('rooms.number'), cell: (r) => <code>{r.number}</code> },
    { id: 'size', title: t('rooms.size'), cell: (r) => (r.personal ? t('myrooms.personal') : <Size size={r.package} />) },
    { id: 'state', title: t('members.status'), cell: (r) => <State room={r} /> },
  ]
  const many = view.get('q') || view.get('cursor') || data?.next || (data?.items.length ?? 0) > 6
  return (
    <Page
      title={t('rooms.title')}
      tools={many ? <Search label={t('myrooms.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} /> : undefined}
      panel={id ? <RoomPanel key={id} id={id} back={`/my/rooms${view.search}`} /> : null}
    >
      <DataTable<MyRoom>
        id="my-rooms"
        label={t('rooms.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(r) => r.id}
        href={(r) => `/my/rooms/${r.id}${view.search}`}
        open={id}
        empty={<Empty title={t('rooms.none_found')} />}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function State({ room: r }: { room: MyRoom }) {
  const { t } = useTranslation()
  return <Tag tone={r.status === 'live' ? 'good' : 'bad'}>{t(`myrooms.state.${r.status}`)}</Tag>
}

function RoomPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { data: r, error } = $api.useQuery('get', '/api/v1/me/rooms/{room}', { params: { path: { room: id } } })
  if (!r) return <PanelWaiting title={t('rooms.one')} back={back} error={error} />
  return (
    <Panel title={r.name} back={back} about={<State room={r} />}>
      <Facts
        rows={[
          [t('rooms.number'), <Copyable key="n" text={r.number} label={t('rooms.number')} />],
          [t('myrooms.host_password'), <Copyable key="h" text={r.host_password} label={t('myrooms.host_password')} />],
          [
            t('myrooms.guest_password'),
            r.guest_password ? <Copyable key="g" text={r.guest_password} label={t('myrooms.guest_password')} /> : t('myrooms.no_password'),
          ],
          [t('rooms.ends'), r.ends_at ? <Moment key="e" at={r.ends_at} /> : ''],
        ]}
      />
      <EditRoom key={r.version} room={r} />
    </Panel>
  )
}

function EditRoom({ room: r }: { room: MyRoom }) {
  const { t } = useTranslation()
  const say = useSay()
  const change = $api.useMutation('patch', '/api/v1/me/rooms/{room}')
  const draft = useDraft({
    name: r.name,
    host_password: r.host_password,
    guest_password: r.guest_password,
    guests_first: r.guests_first,
    guest_notice: r.guest_notice,
  })
  const submit = async () => {
    await change.mutateAsync({ params: { path: { room: r.id }, header: { 'If-Match': version(r.version) } }, body: draft.changed() })
    say(t('myrooms.saved', { name: draft.values.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <TextInput {...draft.at('name')} label={t('rooms.name')} required maxLength={64} />
      <TextInput
        {...draft.at('host_password')}
        label={t('myrooms.host_password')}
        help={t('myrooms.digits')}
        required
        maxLength={16}
        code
      />
      <TextInput {...draft.at('guest_password')} label={t('myrooms.guest_password')} help={t('myrooms.guest_help')} maxLength={16} code />
      <CheckInput {...draft.at('guests_first')} label={t('myrooms.guests_first')} />
      <CheckInput {...draft.at('guest_notice')} label={t('myrooms.guest_notice')} disabled={!draft.values.guests_first} />
    </FormFrame>
  )
}
