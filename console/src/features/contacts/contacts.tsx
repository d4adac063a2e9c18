import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { FormFrame, useDraft } from '../../ui/form'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Empty, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { type Contact, ContactFields, typedOf } from './fields'

const path = '/api/v1/organizations/{org}/contacts'
const one = '/api/v1/organizations/{org}/contacts/{contact}'

/** The people outside whom all members find in their directory. */
export function Component() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', path, {
    params: {
      path: { org },
      query: {
        q: view.query('q'),
        cursor: view.query('cursor'),
        sort: view.get('q') ? undefined : (view.query('sort') as 'created' | 'name' | undefined),
      },
    },
  })
  const columns: ColumnOf<Contact>[] = [
    { id: 'name', title: t('contacts.name'), sort: 'name', cell: (c) => c.name },
    { id: 'company', title: t('contacts.company'), cell: (c) => c.company },
    { id: 'mobile', title: t('contacts.mobile'), cell: (c) => c.mobile },
    { id: 'email', title: t('contacts.email'), cell: (c) => c.email },
    { id: 'title', title: t('contacts.position'), cell: (c) => c.title, spare: true },
    { id: 'created', title: t('contacts.created'), sort: 'created', cell: (c) => <Moment at={c.created_at} />, spare: true },
  ]
  const back = at('contacts') + view.search
  return (
    <Page
      title={t('contacts.title')}
      action={
        <div className="actions">
          <ButtonLink look="first" href={at('contacts/new') + view.search}>
            {t('contacts.add')}
          </ButtonLink>
          <ButtonLink href={at('tasks?about=contacts')}>{t('contacts.files')}</ButtonLink>
        </div>
      }
      tools={<Search label={t('contacts.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />}
      panel={id === 'new' ? <AddContact back={back} /> : id ? <ContactPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Contact>
        id="contacts"
        label={t('contacts.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(c) => c.id}
        href={(c) => at(`contacts/${c.id}`) + view.search}
        open={id}
        sort={view.get('q') ? undefined : view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={<Empty title={t('contacts.none')}>{t('contacts.none_text')}</Empty>}
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function AddContact({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', path)
  const draft = useDraft(typedOf({}))
  const submit = async () => {
    const made = await add.mutateAsync({ params: { path: { org } }, body: { ...filled(draft.values), name: draft.values.name } })
    say(t('contacts.added', { name: made.name }))
    void navigate(back)
  }
  return (
    <Panel title={t('contacts.add')} back={back}>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('contacts.add')}>
        <ContactFields draft={draft} />
      </FormFrame>
    </Panel>
  )
}

function ContactPanel({ id, back }: { id: string; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', one, { params: { path: { org, contact: id } } })
  if (!data) return <PanelWaiting title={t('contacts.one')} back={back} error={error} />
  return (
    <Panel title={data.name} back={back}>
      <EditContact key={data.version} contact={data} back={back} />
    </Panel>
  )
}

function EditContact({ contact: c, back }: { contact: Contact; back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft(typedOf(c))
  const params = { path: { org, contact: c.id }, header: { 'If-Match': version(c.version) } }
  const submit = async () => {
    await change.mutateAsync({ params, body: draft.changed() })
    say(t('contacts.changed', { name: draft.values.name }))
  }
  return (
    <FormFrame
      dirty={draft.dirty}
      submit={submit}
      verb={t('common.save')}
      more={
        <ConfirmButton
          verb={t('contacts.remove')}
          title={t('contacts.remove_title', { name: c.name })}
          act={async () => {
            await remove.mutateAsync({ params })
            say(t('contacts.removed', { name: c.name }))
            void navigate(back)
          }}
        >
          <p>{t('contacts.remove_text')}</p>
        </ConfirmButton>
      }
    >
      <ContactFields draft={draft} />
    </FormFrame>
  )
}
