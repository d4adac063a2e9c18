import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { filled } from '../../api/filled'
import { useScope } from '../../app/scope'
import { useMe } from '../../app/session'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { CheckInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Panel } from '../../ui/panel'
import { Copyable, Empty, Facts, Moment, SecretBox, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable } from '../../ui/table'

type Administrator = Schemas['Administrator']

/** Who runs the installation. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useScope()
  const { id } = useParams()
  const { data, error } = $api.useQuery('get', '/api/v1/provider/administrators')
  const back = at('administrators')
  const add = (
    <ButtonLink look="first" href={at('administrators/new')}>
      {t('providers.add')}
    </ButtonLink>
  )
  const open = data?.items.find((a) => a.id === id)
  const columns: ColumnOf<Administrator>[] = [
    { id: 'name', title: t('providers.name'), cell: (a) => a.name },
    { id: 'account', title: t('providers.account'), cell: (a) => a.account },
    { id: 'email', title: t('members.email'), cell: (a) => a.email },
    { id: 'mobile', title: t('members.mobile'), cell: (a) => a.mobile, spare: true },
    { id: 'status', title: t('members.status'), cell: (a) => <State administrator={a} /> },
    { id: 'created', title: t('providers.created'), cell: (a) => <Moment at={a.created_at} /> },
  ]
  return (
    <Page
      title={t('providers.title')}
      action={add}
      panel={id === 'new' ? <AddAdministrator back={back} /> : open ? <About key={id} administrator={open} back={back} /> : null}
    >
      <DataTable<Administrator>
        id="providers"
        label={t('providers.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(a) => a.id}
        href={(a) => at(`administrators/${a.id}`)}
        open={id}
        empty={
          <Empty title={t('providers.none')} action={add}>
            {t('providers.none_text')}
          </Empty>
        }
      />
    </Page>
  )
}

function State({ administrator: a }: { administrator: Administrator }) {
  const { t } = useTranslation()
  return <Tag tone={a.status === 'active' ? 'good' : 'bad'}>{t(`members.status.${a.status}`)}</Tag>
}

const blank = { name: '', account: '', email: '', mobile: '', password: '', must_change_password: true, default: false }

function AddAdministrator({ back }: { back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', '/api/v1/provider/administrators')
  const draft = useDraft(blank)
  const [told, setTold] = useState<{ account: string; password: string } | null>(null)
  const submit = async () => {
    const made = await add.mutateAsync({ body: { ...filled(draft.values), account: draft.values.account } })
    say(t('providers.added', { name: made.name }))
    draft.reset(blank)
    if (made.password) setTold({ account: made.account, password: made.password })
    else void navigate(back)
  }
  return (
    <Panel title={t('providers.add')} back={back}>
      {told ? (
        <SecretBox
          title={t('enterprises.first_password')}
          secrets={[
            [t('enterprises.address'), location.origin],
            [t('enterprises.account'), told.account],
            [t('enterprises.password'), told.password],
          ]}
          onStored={() => void navigate(back)}
        />
      ) : (
        <FormFrame dirty={draft.dirty} submit={submit} verb={t('providers.add')} onCancel={() => void navigate(back)}>
          <p className="help">{t('providers.add_help')}</p>
          <TextInput {...draft.at('account')} label={t('providers.account')} help={t('providers.account_help')} required />
          <TextInput {...draft.at('name')} label={t('providers.name')} help={t('providers.name_help')} maxLength={64} />
          <TextInput {...draft.at('email')} type="email" label={t('members.email')} />
          <TextInput {...draft.at('mobile')} type="tel" label={t('members.mobile')} example="+8613800000001" />
          <TextInput
            {...draft.at('password')}
            type="password"
            autoComplete="new-password"
            label={t('enterprises.password')}
            help={t('enterprises.password_help')}
          />
          <CheckInput {...draft.at('must_change_password')} label={t('members.must_change')} />
          <CheckInput {...draft.at('default')} label={t('providers.default')} help={t('providers.default_help')} />
        </FormFrame>
      )}
    </Panel>
  )
}

function About({ administrator: a, back }: { administrator: Administrator; back: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const say = useSay()
  const navigate = useNavigate()
  const remove = $api.useMutation('delete', '/api/v1/provider/administrators/{account}')
  return (
    <Panel title={a.name} back={back} about={<State administrator={a} />}>
      <Facts
        rows={[
          [t('providers.account'), <Copyable key="a" text={a.account} label={t('providers.account')} />],
          [t('members.email'), a.email],
          [t('members.mobile'), a.mobile],
          [t('providers.created'), <Moment key="c" at={a.created_at} />],
        ]}
      />
      {a.id === me.account_id ? (
        <p className="help">{t('providers.oneself')}</p>
      ) : (
        <div className="actions">
          <ConfirmButton
            verb={t('providers.remove')}
            title={t('providers.remove_title', { name: a.name })}
            typed={a.account}
            act={async () => {
              await remove.mutateAsync({ params: { path: { account: a.id } } })
              say(t('providers.removed', { name: a.name }))
              void navigate(back)
            }}
          >
            <p>{t('providers.remove_text', { account: a.account })}</p>
          </ConfirmButton>
        </div>
      )}
    </Panel>
  )
}
