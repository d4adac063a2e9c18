import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Empty, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { DataTable } from '../../ui/table'
import { SourcePage } from './source'

export type Source = Schemas['Source']

/** Where people have accounts elsewhere by which they may sign in; one source has the page to itself. */
export function Component() {
  const { id } = useParams()
  return id && id !== 'new' ? <SourcePage key={id} id={id} /> : <Sources adding={id === 'new'} />
}

/** The kinds of sources there are, with the fields of their forms. */
export function useKinds() {
  const { data, error } = $api.useQuery('get', '/api/v1/source-kinds', {}, { staleTime: 600_000 })
  return { kinds: data?.items ?? [], error, ready: Boolean(data) }
}

function Sources({ adding }: { adding: boolean }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { kinds } = useKinds()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/sources', { params: { path: { org } } })
  const links = $api.useQuery('get', '/api/v1/organizations/{org}/setup-links', { params: { path: { org } } })
  const submitted = links.data?.items.filter((l) => l.state === 'submitted') ?? []
  const add = (
    <ButtonLink look="first" href={at('sources/new')}>
      {t('sources.add')}
    </ButtonLink>
  )
  return (
    <Page title={t('nav.sources')} action={add} panel={adding ? <AddSource back={at('sources')} /> : null}>
      {submitted.map((l) => (
        <p key={l.id} className="note">
          {t('sources.submitted', { name: data?.items.find((s) => s.id === l.source)?.name ?? '' })}{' '}
          <a href={`/console${at(`sources/${l.source}/links`)}`}>{t('sources.decide')}</a>
        </p>
      ))}
      <DataTable<Source>
        id="sources"
        label={t('nav.sources')}
        items={data?.items}
        error={error}
        keyOf={(s) => s.id}
        href={(s) => at(`sources/${s.id}`)}
        empty={
          <Empty title={t('sources.none')} action={add}>
            {t('sources.none_text')}
          </Empty>
        }
        columns={[
          { id: 'name', title: t('sources.name'), cell: (s) => s.name },
          { id: 'kind', title: t('sources.kind'), cell: (s) => kinds.find((k) => k.kind === s.kind)?.label ?? s.kind },
          { id: 'state', title: t('sources.state'), cell: (s) => <SourceState source={s} /> },
          { id: 'default', title: t('sources.default'), cell: (s) => (s.default ? t('common.yes') : '') },
        ]}
      />
    </Page>
  )
}

/** Whether people can sign in by a source. */
export function SourceState({ source: s }: { source: Source }) {
  const { t } = useTranslation()
  return <Tag tone={s.enabled ? 'good' : 'plain'}>{s.enabled ? t('sources.on') : t('sources.off')}</Tag>
}

function AddSource({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const { kinds } = useKinds()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/sources')
  const draft = useDraft({ name: '', kind: 'oidc' })
  const submit = async () => {
    const { name, kind } = draft.values
    const made = await add.mutateAsync({ params: { path: { org } }, body: { name, kind: kind as Source['kind'], enabled: false } })
    say(t('sources.added', { name }))
    void navigate(at(`sources/${made.id}`))
  }
  return (
    <Panel title={t('sources.add')} back={back}>
      <p className="help">{t('sources.add_help')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('sources.add')}>
        <TextInput {...draft.at('name')} label={t('sources.name')} help={t('sources.name_help')} required maxLength={64} />
        <SelectInput {...draft.at('kind')} label={t('sources.kind')} choices={kinds.map((k) => ({ id: k.kind, label: k.label }))} />
      </FormFrame>
    </Panel>
  )
}
