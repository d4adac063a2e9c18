import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Filter, Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { GroupPanel } from './panel'

export type Group = Schemas['Group']

const types = ['ordinary', 'security'] as const

/** The groups of the organisation; to who does not manage them, their own. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/groups', {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        type: view.query('type') as Group['type'] | undefined,
        sort: view.query('sort') as 'created' | 'name' | undefined,
      },
    },
  })
  const columns: ColumnOf<Group>[] = [
    { id: 'name', title: t('groups.name'), sort: 'name', cell: (g) => g.name },
    { id: 'description', title: t('groups.description'), cell: (g) => g.description },
    { id: 'type', title: t('groups.type'), cell: (g) => <GroupType group={g} /> },
    { id: 'created', title: t('groups.created'), sort: 'created', cell: (g) => <Moment at={g.created_at} /> },
  ]
  const back = at('groups') + view.search
  return (
    <Page
      title={t('groups.title')}
      action={
        <ButtonLink look="first" href={at('groups/new') + view.search}>
          {t('groups.add')}
        </ButtonLink>
      }
      tools={
        <>
          <Search label={t('groups.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />
          <Filter
            label={t('groups.type')}
            value={view.get('type')}
            onChange={(v) => view.set('type', v)}
            choices={types.map((id) => ({ id, label: t(`groups.type.${id}`) }))}
          />
        </>
      }
      panel={id === 'new' ? <AddGroup back={back} /> : id ? <GroupPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Group>
        id="groups"
        label={t('groups.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(g) => g.id}
        href={(g) => at(`groups/${g.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={<Empty title={t('groups.none')}>{t('groups.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

/** Whether people make the group, or a federation. */
export function GroupType({ group }: { group: Group }) {
  const { t } = useTranslation()
  return <Tag tone={group.type === 'security' ? 'warn' : 'plain'}>{t(`groups.type.${group.type}`)}</Tag>
}

function AddGroup({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/groups')
  const draft = useDraft({ name: '', description: '' })
  const submit = async () => {
    const group = await add.mutateAsync({ params: { path: { org } }, body: draft.values })
    say(t('groups.added', { name: group.name }))
    // Who belongs to it comes next.
    void navigate(at(`groups/${group.id}/members`))
  }
  return (
    <Panel title={t('groups.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('groups.add')}>
        <GroupFields draft={draft} />
      </FormFrame>
    </Panel>
  )
}

export function GroupFields({ draft }: { draft: ReturnType<typeof useDraft<{ name: string; description: string }>> }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput {...draft.at('name')} label={t('groups.name')} required maxLength={64} />
      <TextInput {...draft.at('description')} label={t('groups.description')} rows={3} maxLength={255} />
    </>
  )
}
