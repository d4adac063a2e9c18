import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useOrg, useOrganization } from '../../app/organization'
import { ActionButton } from '../../ui/action'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton, Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Empty, Facts, Moment, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable } from '../../ui/table'
import { useSourceChoices } from '../sources/use'

type Domain = Schemas['Domain']

const path = '/api/v1/organizations/{org}/domains'
const one = '/api/v1/organizations/{org}/domains/{domain}'

/** The domains of the organisation: what follows the @ of its people. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const { data, error } = $api.useQuery('get', path, { params: { path: { org } } })
  const sources = useSourceChoices()
  const columns: ColumnOf<Domain>[] = [
    { id: 'name', title: t('domains.name'), cell: (d) => d.name },
    { id: 'state', title: t('domains.state'), cell: (d) => <DomainState domain={d} /> },
    { id: 'source', title: t('domains.source'), cell: (d) => sources.find((s) => s.id === d.source)?.label ?? t('domains.source_default') },
    { id: 'trial', title: t('domains.trial_ends'), cell: (d) => (d.proven ? '' : <Moment at={d.trial_ends_at} />) },
  ]
  const back = at('domains')
  const domain = data?.items.find((d) => d.name === id)
  return (
    <Page
      title={t('domains.title')}
      action={
        <ButtonLink look="first" href={at('domains/new')}>
          {t('domains.add')}
        </ButtonLink>
      }
      panel={
        id === 'new' ? (
          <AddDomain back={back} />
        ) : domain ? (
          <DomainPanel key={domain.name} domain={domain} back={back} />
        ) : id && data ? (
          <Panel title={id} back={back}>
            <Empty title={t('common.missing')} />
          </Panel>
        ) : id ? (
          <PanelWaiting title={id} back={back} error={error} />
        ) : null
      }
    >
      <DataTable<Domain>
        id="domains"
        label={t('domains.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(d) => d.name}
        href={(d) => at(`domains/${d.name}`)}
        open={id}
        empty={<Empty title={t('domains.none')}>{t('domains.none_text')}</Empty>}
      />
    </Page>
  )
}

const tones = { proven: 'good', trial: 'warn', frozen: 'bad' } as const

function DomainState({ domain }: { domain: Domain }) {
  const { t } = useTranslation()
  return <Tag tone={tones[domain.state]}>{t(`domains.state.${domain.state}`)}</Tag>
}

function AddDomain({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const navigate = useNavigate()
  const add = $api.useMutation('post', path)
  const draft = useDraft({ name: '' })
  const submit = async () => {
    const made = await add.mutateAsync({ params: { path: { org } }, body: draft.values })
    // The records to enter are the next step.
    void navigate(at(`domains/${made.name}`))
  }
  return (
    <Panel title={t('domains.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('domains.add')}>
        <TextInput {...draft.at('name')} label={t('domains.name')} example="acme.example" help={t('domains.name_help')} required />
      </FormFrame>
    </Panel>
  )
}

function DomainPanel({ domain: d, back }: { domain: Domain; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const own = useOrganization().domain === d.name
  const remove = $api.useMutation('delete', one)
  return (
    <Panel title={d.name} back={back} about={<DomainState domain={d} />}>
      {d.proven ? (
        <Facts rows={[[t('domains.proven'), <Moment key="p" at={d.proven_at} />]]} />
      ) : (
        <>
          <Facts rows={[[t('domains.trial_ends'), <Moment key="t" at={d.trial_ends_at} />]]} />
          <Verify domain={d} />
        </>
      )}
      <ByItsSource domain={d} />
      {own ? (
        <p className="help">{t('domains.own')}</p>
      ) : (
        <div className="actions">
          <ConfirmButton
            verb={t('domains.remove')}
            title={t('domains.remove_title', { name: d.name })}
            act={async () => {
              await remove.mutateAsync({ params: { path: { org, domain: d.name } } })
              say(t('domains.removed', { name: d.name }))
              void navigate(back)
            }}
          >
            <p>{t('domains.remove_text')}</p>
          </ConfirmButton>
        </div>
      )}
    </Panel>
  )
}

/** How a domain is proven, step by step: either record is enough. */
function Verify({ domain: d }: { domain: Domain }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const verify = $api.useMutation('post', '/api/v1/organizations/{org}/domains/{domain}/verify')
  const [way, setWay] = useState('TXT')
  return (
    <Section title={t('domains.verify_title')}>
      <ol className="steps">
        <li>
          <SelectInput
            name="way"
            label={t('domains.step_way')}
            value={way}
            onChange={setWay}
            choices={[
              { id: 'TXT', label: t('domains.way_txt') },
              { id: 'MX', label: t('domains.way_mx') },
            ]}
          />
        </li>
        <li>
          <p>{t('domains.step_enter')}</p>
          <Facts
            rows={
              way === 'TXT'
                ? [
                    [t('domains.record_name'), <Copyable key="n" text={d.name} label={t('domains.record_name')} />],
                    [t('domains.record_type'), 'TXT'],
                    [t('domains.record_value'), <Copyable key="v" text={d.record} label={t('domains.record_value')} />],
                  ]
                : [
                    [t('domains.record_name'), <Copyable key="n" text={d.name} label={t('domains.record_name')} />],
                    [t('domains.record_type'), 'MX'],
                    [t('domains.record_preference'), '65535'],
                    [t('domains.record_server'), <Copyable key="v" text={d.exchange} label={t('domains.record_server')} />],
                  ]
            }
          />
          {way === 'MX' ? <p className="help">{t('domains.mx_help')}</p> : null}
        </li>
        <li>
          <p>{t('domains.step_verify')}</p>
          <ActionButton
            look="first"
            label={t('domains.verify')}
            act={async () => {
              await verify.mutateAsync({ params: { path: { org, domain: d.name } } })
              say(t('domains.verified', { name: d.name }))
            }}
          />
        </li>
      </ol>
    </Section>
  )
}

const byDefault = 'default'

/** By which source the people of a domain sign in. */
function ByItsSource({ domain: d }: { domain: Domain }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const sources = useSourceChoices()
  const change = $api.useMutation('patch', one)
  const draft = useDraft({ source: d.source || byDefault })
  const submit = async () => {
    const { source } = draft.values
    await change.mutateAsync({ params: { path: { org, domain: d.name } }, body: { source: source === byDefault ? '' : source } })
    draft.reset({ source })
    say(t('domains.changed', { name: d.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <SelectInput
        {...draft.at('source')}
        label={t('domains.source')}
        help={t('domains.source_help')}
        choices={[{ id: byDefault, label: t('domains.source_default') }, ...sources]}
      />
    </FormFrame>
  )
}
