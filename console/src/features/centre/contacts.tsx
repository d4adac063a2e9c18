import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { $api, version } from '../../api/client'
import { filled } from '../../api/filled'
import { ButtonLink } from '../../ui/button'
import { ConfirmButton } from '../../ui/dialog'
import { FormFrame, useDraft } from '../../ui/form'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Panel, PanelWaiting } from '../../ui/panel'
import { Empty, Moment } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { type ColumnOf, DataTable, Pager } from '../../ui/table'
import { type Contact, ContactFields, typedOf } from '../contacts/fields'

const path = '/api/v1/me/contacts'
const one = '/api/v1/me/contacts/{contact}'

/** The people outside whom somebody wrote down for themselves alone. */
export function Component() {
  const { t } = useTranslation()
  const { id } = useParams()
  const view = useView()
  const { data, error } = $api.useQuery('get', path, {
    params: {
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
    { id: 'created', title: t('contacts.created'), sort: 'created', cell: (c) => <Moment at={c.created_at} />, spare: true },
  ]
  const back = `/my/contacts${view.search}`
  const add = (
    <ButtonLink look="first" href={`/my/contacts/new${view.search}`}>
      {t('contacts.add')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('mycontacts.title')}
      action={add}
      tools={<Search label={t('contacts.search')} value={view.get('q')} onChange={(q) => view.set('q', q)} />}
      panel={id === 'new' ? <AddContact back={back} /> : id ? <ContactPanel key={id} id={id} back={back} /> : null}
    >
      <DataTable<Contact>
        id="my-contacts"
        label={t('mycontacts.title')}
        columns={columns}
        items={data?.items}
        error={error}
        keyOf={(c) => c.id}
        href={(c) => `/my/contacts/${c.id}${view.search}`}
        open={id}
        sort={view.get('q') ? undefined : view.get('sort') || 'created'}
        onSort={(sort) => view.set('sort', sort)}
        empty={
          view.get('q') ? (
            <Empty title={t('contacts.none')} />
          ) : (
            <Empty title={t('mycontacts.none')} action={add}>
              {t('mycontacts.none_text')}
            </Empty>
          )
        }
      />
      <Pager {...view.pager} next={data?.next} />
    </Page>
  )
}

function AddContact({ back }: { back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const add = $api.useMutation('post', path)
  const draft = useDraft(typedOf({}))
  const submit = async () => {
    const made = await add.mutateAsync({ body: { ...filled(draft.values), name: draft.values.name } })
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
  const { data, error } = $api.useQuery('get', one, { params: { path: { contact: id } } })
  if (!data) return <PanelWaiting title={t('contacts.one')} back={back} error={error} />
  return (
    <Panel title={data.name} back={back}>
      <EditContact key={data.version} contact={data} back={back} />
    </Panel>
  )
}

function EditContact({ contact: c, back }: { contact: Contact; back: string }) {
  const { t } = useTranslation()
  const say = useSay()
  const navigate = useNavigate()
  const change = $api.useMutation('patch', one)
  const remove = $api.useMutation('delete', one)
  const draft = useDraft(typedOf(c))
  const params = { path: { contact: c.id }, header: { 'If-Match': version(c.version) } }
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
          <p>{t('mycontacts.remove_text')}</p>
        </ConfirmButton>
      }
    >
      <ContactFields draft={draft} />
    </FormFrame>
  )
}
