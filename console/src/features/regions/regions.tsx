import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Facts, Loading, Moment, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { DataTable, Pager } from '../../ui/table'

type Region = Schemas['Region']

const one = '/api/v1/organizations/{org}/regions/{region}'

/** The parts of the network that rules of access name. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/regions', {
    params: {
      path: { org },
      query: { q: view.query('q'), cursor: view.query('cursor'), sort: view.query('sort') as 'created' | 'name' | undefined },
    },
  })
  const back = at('regions') + view.search
  const add = (
    <ButtonLink look="first" href={at('regions/new') + view.search}>
      {t('regions.add')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('regions.title')}
      action={add}
      tools={<Search label={t('regions.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />}
      panel={id === 'new' ? <AddRegion back={back} /> : id ? <RegionPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Region>
        id="regions"
        label={t('regions.title')}
        items={data?.items}
        error={error}
        keyOf={(r) => r.id}
        href={(r) => at(`regions/${r.id}`) + view.search}
        open={id}
        sort={view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={
          <Empty title={view.get('q') ? t('regions.none_found') : t('regions.none')} action={view.get('q') ? null : add}>
            {view.get('q') ? '' : t('regions.none_text')}
          </Empty>
        }
        columns={[
          { id: 'name', title: t('regions.name'), sort: 'name', cell: (r) => r.name },
          { id: 'network', title: t('regions.network'), cell: (r) => <code>{r.network}</code> },
          { id: 'description', title: t('regions.description'), cell: (r) => r.description },
          { id: 'created', title: t('regions.created'), sort: 'created', cell: (r) => <Moment at={r.created_at} />, spare: true },
        ]}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

const blank = { name: '', network: '', description: '' }

function RegionFields({ draft }: { draft: ReturnType<typeof useDraft<typeof blank>> }) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput {...draft.at('name')} label={t('regions.name')} required maxLength={64} />
      <TextInput
        {...draft.at('network')}
        label={t('regions.network')}
        help={t('regions.network_help')}
        example="10.0.0.0/8"
        required
        code
      />
      <TextInput {...draft.at('description')} label={t('regions.description')} rows={2} maxLength={255} />
    </>
  )
}

function AddRegion({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/regions')
  const draft = useDraft(blank)
  const submit = async () => {
    const { name, network } = draft.values
    const region = await add.mutateAsync({ params: { path: { org } }, body: { ...filled(draft.values), name, network } })
    say(t('regions.added', { name: region.name }))
    void navigate(back)
  }
  return (
    <Panel title={t('regions.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('regions.add')}>
        <RegionFields draft={draft} />
      </FormFrame>
    </Panel>
  )
}

function RegionPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, region: id } } })
  return (
    <Panel title={data?.name ?? t('regions.one')} back={back}>
      {data ? <EditRegion key={data.version} region={data} back={back} /> : error ? <Refused error={error} /> : <Loading />}
    </Panel>
  )
}

function EditRegion({ region: r, back }: { region: Region; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({ name: r.name, network: r.network, description: r.description })
  const call = { params: { path: { org, region: r.id }, header: { 'If-Match': version(r.version) } } }
  const submit = async () => {
    await change.mutateAsync({ ...call, body: draft.changed() })
    say(t('regions.changed', { name: draft.values.name }))
  }
  return (
    <>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        <RegionFields draft={draft} />
      </FormFrame>
      <Facts rows={[[t('regions.created'), <Moment key="c" at={r.created_at} />]]} />
      <div className="actions">
        <ConfirmButton
          verb={t('regions.remove')}
          title={t('regions.remove_title', { name: r.name })}
          act={async () => {
            await remove.mutateAsync(call)
            say(t('regions.removed', { name: r.name }))
            void navigate(back)
          }}
        >
          <p>{t('regions.remove_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
