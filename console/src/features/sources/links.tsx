import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmButton, Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Empty, Facts, Loading, Moment, Refused, SecretBox, Tag } from '../../ui/parts'
import { useSay } from '../../ui/said'
import type { Source } from './sources'

type Link = Schemas['SetupLink']
type Field = Schemas['SourceField']

const tones = { waiting: 'plain', open: 'plain', submitted: 'warn', approved: 'good', rejected: 'bad', withdrawn: 'plain' } as const
const lives = ['86400', '604800', '2592000'] as const

/** The links by which the administrator of the other side fills a source in, and what becomes of what they sent. */
export function SetupLinks({ source: s, fields }: { source: Source; fields: readonly Field[] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/setup-links', { params: { path: { org } } })
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  const links = data.items.filter((l) => l.source === s.id)
  return (
    <>
      <AddLink source={s} />
      {links.length === 0 ? <Empty title={t('links.none')}>{t('links.none_text')}</Empty> : null}
      <ul className="things">
        {links.map((l) => (
          <li key={l.id}>
            <div>
              <strong>{l.for || t('links.for_nobody')}</strong> <Tag tone={tones[l.state]}>{t(`links.state.${l.state}`)}</Tag>
              <p className="help">
                {t('links.made')} <Moment at={l.created_at} /> · {t('links.ends')} <Moment at={l.ends_at} />
                {l.domain ? ` · ${l.domain}` : ''}
              </p>
              {l.note ? <p>{l.note}</p> : null}
              {l.state === 'submitted' ? <Submitted link={l} source={s} fields={fields} /> : null}
            </div>
            {['waiting', 'open', 'submitted'].includes(l.state) ? <Withdraw link={l} /> : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function AddLink({ source: s }: { source: Source }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/sources/{source}/setup-links')
  const draft = useDraft({ for: '', life: '604800' })
  const [url, setURL] = useState('')
  const submit = async () => {
    const made = await add.mutateAsync({
      params: { path: { org, source: s.id } },
      body: { for: draft.values.for, life: Number(draft.values.life) },
    })
    draft.reset({ for: '', life: '604800' })
    setURL(made.url)
  }
  if (url) return <SecretBox title={t('links.link')} secrets={[[t('links.link'), url]]} onStored={() => setURL('')} />
  return (
    <Section title={t('links.add')}>
      <p className="help">{t('links.add_help')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('links.add')}>
        <TextInput {...draft.at('for')} label={t('links.for')} help={t('links.for_help')} maxLength={255} example="root@partner.example" />
        <SelectInput {...draft.at('life')} label={t('links.life')} choices={lives.map((id) => ({ id, label: t(`apps.overlap.${id}`) }))} />
      </FormFrame>
    </Section>
  )
}

/** What the other side sent beside what is stored, and the decision. */
function Submitted({ link: l, source: s, fields }: { link: Link; source: Source; fields: readonly Field[] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const path = { params: { path: { org, setup_link: l.id } } }
  const { data, error } = $api.useQuery('get', '/api/v1/organizations/{org}/setup-links/{setup_link}', path)
  const approve = $api.useMutation('post', '/api/v1/organizations/{org}/setup-links/{setup_link}/approve')
  const reject = $api.useMutation('post', '/api/v1/organizations/{org}/setup-links/{setup_link}/reject')
  const [note, setNote] = useState('')
  if (error) return <Refused error={error} />
  if (!data) return <Loading />
  const now = s.settings as Record<string, unknown>
  const sent = data.settings as Record<string, unknown>
  const secret = (f: Field) => (data.secrets.includes(f.key) ? t('links.secret_sent') : '')
  const rows = fields
    .map((f) => [f.label, String(now[f.key] ?? ''), sent[f.key] === undefined ? secret(f) : String(sent[f.key])] as const)
    .filter(([, before, after]) => after !== '' && before !== after)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is scrolled by the keyboard as well */}
      <section className="table-scroll" aria-label={t('links.sent')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t('links.setting')}</th>
              <th>{t('links.now')}</th>
              <th>{t('links.sent')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, before, after]) => (
              <tr key={label}>
                <td>{label}</td>
                <td>{before}</td>
                <td>{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Facts rows={[[t('links.submitted'), <Moment key="s" at={data.submitted_at} />]]} />
      <div className="actions">
        <ConfirmButton
          look="second"
          verb={t('links.approve')}
          title={t('links.approve_title', { name: s.name })}
          act={async () => {
            await approve.mutateAsync(path)
            say(t('links.approved', { name: s.name }))
          }}
        >
          <p>{t('links.approve_text', { count: rows.length })}</p>
        </ConfirmButton>
        <ConfirmButton
          verb={t('links.reject')}
          title={t('links.reject_title', { name: s.name })}
          act={() => reject.mutateAsync({ ...path, body: { note } })}
        >
          <p>{t('links.reject_text')}</p>
          <TextInput name="note" label={t('links.note')} value={note} onChange={setNote} maxLength={255} />
        </ConfirmButton>
      </div>
    </>
  )
}

function Withdraw({ link: l }: { link: Link }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const withdraw = $api.useMutation('delete', '/api/v1/organizations/{org}/setup-links/{setup_link}')
  return (
    <ConfirmButton
      verb={t('links.withdraw')}
      title={t('links.withdraw_title')}
      act={() => withdraw.mutateAsync({ params: { path: { org, setup_link: l.id } } })}
    >
      <p>{t('links.withdraw_text')}</p>
    </ConfirmButton>
  )
}
