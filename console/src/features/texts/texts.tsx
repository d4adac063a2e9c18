import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { type Language, languages } from '../../i18n'
import { Filter, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Moment, Tag } from '../../ui/parts'
import { type ColumnOf, DataTable } from '../../ui/table'
import { isKind } from './kinds'
import { TextPanel } from './panel'

export type MessageText = Schemas['MessageText']

/** What a kind of message is called. */
export function useKindName() {
  const { t } = useTranslation()
  return (kind: string) => (isKind(kind) ? t(`texts.kind.${kind}`) : kind)
}

/** A language by its own name. */
export const languageName = (code: string) => languages[code as Language] ?? code

/** How messages are worded: those of an organisation, or those of all that have no words of their own. */
export function Component() {
  const { t } = useTranslation()
  const { org, at, path } = useScope()
  const { id, part } = useParams()
  const view = useView()
  const name = useKindName()
  const { data, error } = $api.useQuery('get', path('/api/v1/organizations/{org}/message-texts', '/api/v1/message-texts'), {
    params: { path: { org } },
  })
  const language = view.get('language')
  const whose = view.get('whose')
  const shown = data?.items.filter((m) => (!language || m.language === language) && (!whose || (whose === 'own') === m.version > 0))
  const columns: ColumnOf<MessageText>[] = [
    { id: 'kind', title: t('texts.kind'), cell: (m) => name(m.kind) },
    { id: 'language', title: t('texts.language'), cell: (m) => languageName(m.language) },
    {
      id: 'own',
      title: t('texts.whose'),
      cell: (m) => (m.version > 0 ? <Tag tone="good">{t('texts.own')}</Tag> : <Tag>{t('texts.usual')}</Tag>),
    },
    { id: 'subject', title: t('texts.subject'), cell: (m) => m.in_force.subject },
    { id: 'changed', title: t('texts.changed_at'), cell: (m) => (m.updated_at ? <Moment at={m.updated_at} /> : ''), spare: true },
  ]
  const back = at('texts') + view.search
  return (
    <Page
      title={t('texts.title')}
      tools={
        <>
          <Filter
            label={t('texts.language')}
            value={language}
            onChange={(v) => view.set('language', v)}
            choices={Object.entries(languages).map(([code, label]) => ({ id: code, label }))}
          />
          <Filter
            label={t('texts.whose')}
            value={whose}
            onChange={(v) => view.set('whose', v)}
            choices={[
              { id: 'own', label: t('texts.own') },
              { id: 'usual', label: t('texts.usual') },
            ]}
          />
        </>
      }
      panel={id && part ? <TextPanel key={`${id}/${part}`} kind={id} language={part} back={back} /> : null}
    >
      <DataTable<MessageText>
        id="texts"
        label={t('texts.title')}
        columns={columns}
        items={shown}
        error={error}
        keyOf={(m) => `${m.kind}/${m.language}`}
        href={(m) => at(`texts/${m.kind}/${m.language}`) + view.search}
        open={id && part ? `${id}/${part}` : undefined}
        empty={<Empty title={t('texts.none')} />}
      />
    </Page>
  )
}
