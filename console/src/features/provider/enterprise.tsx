import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { useScope } from '../../app/scope'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Copyable, Facts, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { TabsAt } from '../../ui/tabs'
import { typed, untyped } from '../organization/numbers'
import { type Enterprise, EnterpriseState } from './enterprises'

const one = '/api/v1/organizations/{org}'

/** One enterprise: what is known of it, what it may use, and what can be done. */
export function EnterprisePanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { at } = useScope()
  const { part = 'about' } = useParams()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org: id } } })
  if (!data) return <PanelWaiting title={t('enterprises.one')} back={back} error={error} />
  return (
    <Panel title={data.name} back={back} about={<EnterpriseState enterprise={data} />}>
      <TabsAt
        label={data.name}
        part={part}
        to={(tab) => at(`enterprises/${id}${tab === 'about' ? '' : `/${tab}`}`) + location.search}
        tabs={[
          { id: 'about', title: t('enterprises.about'), view: () => <About enterprise={data} back={back} /> },
          { id: 'edit', title: t('enterprises.edit'), view: () => <EditEnterprise key={data.version} enterprise={data} /> },
        ]}
      />
    </Panel>
  )
}

const limits = ['members', 'departments', 'department_levels', 'department_children', 'domains'] as const

/** How many people an enterprise has. */
function usePeople(id: string) {
  const { i18n } = useTranslation()
  const { data } = $api.useQuery('get', `${one}/reports/people`, { params: { path: { org: id }, query: { dimension: 'day', count: 1 } } })
  return data ? new Intl.NumberFormat(i18n.language).format(data.people) : '…'
}

function About({ enterprise: o, back }: { enterprise: Enterprise; back: string }) {
  const { t, i18n } = useTranslation()
  const people = usePeople(o.id)
  const number = new Intl.NumberFormat(i18n.language)
  const room = o.limits.members
  const { data } = $api.useQuery('get', `${one}/administrators`, { params: { path: { org: o.id } } })
  const owner = data?.items.find((m) => m.role === 'owner')
  return (
    <>
      <Facts
        rows={[
          [t('enterprises.code'), <Copyable key="c" text={o.code} label={t('enterprises.code')} />],
          [t('organization.id'), <Copyable key="i" text={o.id} label={t('organization.id')} />],
          [t('enterprises.domain'), o.domain],
          [t('enterprises.people'), room ? t('enterprises.people_of', { people, room: number.format(room) }) : people],
          [t('enterprises.owner_now'), owner ? `${owner.name} · ${owner.account}` : data ? t('enterprises.no_owner') : ''],
          [t('enterprises.created'), <Moment key="m" at={o.created_at} />],
        ]}
      />
      <div className="actions">
        <ButtonLink look="first" href={`/${o.code}`}>
          {t('enterprises.open')}
        </ButtonLink>
        <ButtonLink href={`/${o.code}/resources`}>{t('resources.title')}</ButtonLink>
        <Freezing enterprise={o} people={people} />
        <Dissolving enterprise={o} people={people} back={back} />
      </div>
    </>
  )
}

interface Act {
  enterprise: Enterprise
  people: string
}

/** Keeps everybody of an enterprise out, or lets them in again. */
function Freezing({ enterprise: o, people }: Act) {
  const { t } = useTranslation()
  const say = useSay()
  const change = $api.useMutation('patch', one)
  const to = async (status: 'active' | 'frozen', said: string) => {
    await change.mutateAsync({ params: { path: { org: o.id }, header: { 'If-Match': version(o.version) } }, body: { status } })
    say(said)
  }
  if (o.status === 'dissolving') return null
  if (o.status === 'frozen')
    return (
      <ConfirmButton
        look="second"
        verb={t('enterprises.thaw')}
        title={t('enterprises.thaw_title', { name: o.name })}
        act={() => to('active', t('enterprises.thawed', { name: o.name }))}
      >
        <p>{t('enterprises.thaw_text', { people })}</p>
      </ConfirmButton>
    )
  return (
    <ConfirmButton
      verb={t('enterprises.freeze')}
      title={t('enterprises.freeze_title', { name: o.name })}
      act={() => to('frozen', t('enterprises.frozen', { name: o.name }))}
    >
      <p>{t('enterprises.freeze_text', { people })}</p>
    </ConfirmButton>
  )
}

/** The end of an enterprise, for ever: its code has to be typed. */
function Dissolving({ enterprise: o, people, back }: Act & { back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const dissolve = $api.useMutation('post', `${one}/dissolve`)
  return (
    <ConfirmButton
      verb={t('enterprises.dissolve')}
      title={t('organization.dissolve_title', { name: o.name })}
      typed={o.code}
      act={async () => {
        await dissolve.mutateAsync({
          params: { path: { org: o.id }, header: { 'If-Match': version(o.version) } },
          body: { confirm: o.code },
        })
        say(t('enterprises.dissolved', { name: o.name }))
        void navigate(back)
      }}
    >
      <p>{t('organization.dissolve_people', { people })}</p>
      <p>
        {t('organization.dissolve_text')} {t('organization.dissolve_for_ever')}
      </p>
    </ConfirmButton>
  )
}

/** Name, domain and limits. */
function EditEnterprise({ enterprise: o }: { enterprise: Enterprise }) {
  const { t } = useTranslation()
  const say = useSay()
  const change = $api.useMutation('patch', one)
  const draft = useDraft({
    name: o.name,
    domain: o.domain,
    ...typed({
      members: o.limits.members ?? 0,
      departments: o.limits.departments ?? 0,
      department_levels: o.limits.department_levels ?? 0,
      department_children: o.limits.department_children ?? 0,
      domains: o.limits.domains ?? 0,
    }),
  })
  const submit = async () => {
    const { name, domain, ...numbers } = draft.changed()
    await change.mutateAsync({
      params: { path: { org: o.id }, header: { 'If-Match': version(o.version) } },
      body: {
        ...(name === undefined ? {} : { name }),
        ...(domain === undefined ? {} : { domain }),
        ...(Object.keys(numbers).length > 0 ? { limits: untyped(numbers) } : {}),
      },
    })
    say(t('enterprises.saved', { name: draft.values.name }))
  }
  return (
    <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
      <TextInput {...draft.at('name')} label={t('enterprises.name')} help={t('organization.name_help')} required maxLength={64} />
      <TextInput {...draft.at('domain')} label={t('enterprises.domain')} help={t('enterprises.domain_change')} />
      <fieldset className="choices">
        <legend>{t('organization.limits')}</legend>
        <p className="help">{t('enterprises.limits_help')}</p>
        {limits.map((name) => (
          <TextInput key={name} {...draft.at(name)} name={`limits.${name}`} label={t(`organization.limit.${name}`)} type="number" />
        ))}
      </fieldset>
    </FormFrame>
  )
}
