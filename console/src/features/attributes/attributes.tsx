import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { LinesInput } from '../../ui/choices'
import { ConfirmButton } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Empty, Facts, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable } from '../../ui/table'
import type { Attribute } from './fields'

const types = ['text', 'choice', 'choices', 'date', 'number'] as const
const path = '/api/v1/organizations/{org}/attributes'
const one = '/api/v1/organizations/{org}/attributes/{attribute}'

/** What the organisation keeps of its members beside the usual. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const { data, error } = $api.useQuery('get', path, { params: { path: { org } } })
  const columns: ColumnOf<Attribute>[] = [
    { id: 'label', title: t('attributes.label'), cell: (a) => a.label },
    { id: 'key', title: t('attributes.key'), cell: (a) => <code>{a.key}</code> },
    { id: 'type', title: t('attributes.type'), cell: (a) => t(`attributes.type.${a.type}`) },
    { id: 'rules', title: t('attributes.rules'), cell: (a) => <Rules attribute={a} /> },
    { id: 'position', title: t('attributes.position'), numeric: true, cell: (a) => a.position, spare: true },
  ]
  const back = at('attributes')
  return (
    <Page
      title={t('attributes.title')}
      action={
        <ButtonLink look="first" href={at('attributes/new')}>
          {t('attributes.add')}
        </ButtonLink>
      }
      panel={id === 'new' ? <AddAttribute back={back} /> : id ? <AttributePanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Attribute>
        id="attributes"
        label={t('attributes.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(a) => a.key}
        href={(a) => at(`attributes/${encodeURIComponent(a.key)}`)}
        open={id}
        empty={<Empty title={t('attributes.none')}>{t('attributes.none_text')}</Empty>}
      />
    </Page>
  )
}

function Rules({ attribute: a }: { attribute: Attribute }) {
  const { t } = useTranslation()
  return (
    <span className="chips">
      {a.required ? <Tag tone="warn">{t('attributes.required_short')}</Tag> : null}
      {a.masked ? <Tag>{t('attributes.masked_short')}</Tag> : null}
      {a.shown ? null : <Tag>{t('attributes.hidden_short')}</Tag>}
    </span>
  )
}

function AddAttribute({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', path)
  const draft = useDraft({
    label: '',
    key: '',
    type: 'text' as Attribute['type'],
    candidates: [] as string[],
    position: '',
    required: false,
    shown: true,
    masked: false,
  })
  const { type } = draft.values
  const chosen = type === 'choice' || type === 'choices'
  const submit = async () => {
    const { candidates, position, masked, ...rest } = draft.values
    const made = await add.mutateAsync({
      params: { path: { org } },
      body: {
        ...rest,
        ...(chosen ? { candidates } : {}),
        ...(position ? { position: Number(position) } : {}),
        ...(type === 'text' ? { masked } : {}),
      },
    })
    say(t('attributes.added', { name: made.label }))
    void navigate(back)
  }
  return (
    <Panel title={t('attributes.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('attributes.add')}>
        <TextInput {...draft.at('label')} label={t('attributes.label')} required maxLength={64} />
        <TextInput {...draft.at('key')} label={t('attributes.key')} help={t('attributes.key_help')} required code maxLength={64} />
        <SelectInput
          {...draft.at('type')}
          onChange={(next) => draft.set('type', next as Attribute['type'])}
          label={t('attributes.type')}
          choices={types.map((id) => ({ id, label: t(`attributes.type.${id}`) }))}
        />
        {chosen ? (
          <LinesInput {...draft.at('candidates')} label={t('attributes.candidates')} help={t('attributes.candidates_help')} required />
        ) : null}
        <TextInput {...draft.at('position')} label={t('attributes.position')} help={t('attributes.position_help')} type="number" />
        <CheckInput {...draft.at('required')} label={t('attributes.required')} help={t('attributes.required_help')} />
        <CheckInput {...draft.at('shown')} label={t('attributes.shown')} />
        {type === 'text' ? <CheckInput {...draft.at('masked')} label={t('attributes.masked')} /> : null}
      </FormFrame>
    </Panel>
  )
}

function AttributePanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, attribute: id } } })
  if (!data) return <PanelWaiting title={t('attributes.one')} back={back} error={error} />
  return (
    <Panel title={data.label} back={back} about={<Rules attribute={data} />}>
      <Facts
        rows={[
          [t('attributes.key'), <Copyable key="k" text={data.key} label={t('attributes.key')} />],
          [t('attributes.type'), t(`attributes.type.${data.type}`)],
          [t('attributes.candidates'), data.candidates.join(', ')],
        ]}
      />
      <EditAttribute key={data.version} attribute={data} back={back} />
    </Panel>
  )
}

/** What can be changed later. The rest stands for values that members have already. */
function EditAttribute({ attribute: a, back }: { attribute: Attribute; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft({ label: a.label, position: String(a.position), shown: a.shown })
  const params = { path: { org, attribute: a.key }, header: { 'If-Match': version(a.version) } }
  const submit = async () => {
    const { position, ...rest } = draft.changed()
    await change.mutateAsync({ params, body: { ...rest, ...(position ? { position: Number(position) } : {}) } })
    say(t('attributes.changed', { name: draft.values.label }))
  }
  return (
    <FormFrame
      dirty={draft.dirty}
      submit={submit}
      verb={t('common.save')}
      more={
        <ConfirmButton
          verb={t('attributes.remove')}
          title={t('attributes.remove_title', { name: a.label })}
          act={async () => {
            await remove.mutateAsync({ params })
            say(t('attributes.removed', { name: a.label }))
            void navigate(back)
          }}
        >
          <p>{t('attributes.remove_text')}</p>
        </ConfirmButton>
      }
    >
      <TextInput {...draft.at('label')} label={t('attributes.label')} required maxLength={64} />
      <TextInput {...draft.at('position')} label={t('attributes.position')} help={t('attributes.position_help')} type="number" />
      <CheckInput {...draft.at('shown')} label={t('attributes.shown')} />
    </FormFrame>
  )
}
