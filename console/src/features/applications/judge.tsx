import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { Section } from '../../ui/dialog'
import { CheckInput, TextInput } from '../../ui/fields'
import { Facts, Moment, ProblemNotice, Tag } from '../../ui/parts'
import { Pager } from '../../ui/table'
import { MemberInput } from '../pick/who'
import type { Application } from './applications'
import { momentOf } from './order'

type Judgment = Schemas['SimulatedJudgment']

const base = '/api/v1/organizations/{org}/applications/{client_id}/access-control'
const tones = { allow: 'good', deny: 'bad', second_verification: 'warn' } as const

/** Asks the policies about an entry that nobody made. */
export function Simulation({ application: a, policies }: { application: Application; policies: Schemas['Policy'][] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [entry, setEntry] = useState({ member: '', address: '', at: '', verified: false })
  const ask = $api.useMutation('post', `${base}/simulation`)
  const set = (part: Partial<typeof entry>) => setEntry({ ...entry, ...part })
  const run = () =>
    ask.mutate({
      params: { path: { org, client_id: a.client_id } },
      body: {
        member: entry.member,
        verified: entry.verified,
        ...(entry.address ? { address: entry.address } : {}),
        ...(momentOf(entry.at) ? { at: momentOf(entry.at) } : {}),
      },
    })
  return (
    <Section title={t('control.simulate')}>
      <p className="help">{t('control.simulate_help')}</p>
      <MemberInput name="member" label={t('control.member')} value={entry.member} onChange={(member) => set({ member })} />
      <div className="two-fields">
        <TextInput
          name="address"
          label={t('control.address')}
          value={entry.address}
          onChange={(address) => set({ address })}
          example="10.1.2.3"
        />
        <TextInput name="at" type="datetime-local" label={t('control.at')} value={entry.at} onChange={(at) => set({ at })} />
      </div>
      <CheckInput name="verified" label={t('control.verified')} value={entry.verified} onChange={(verified) => set({ verified })} />
      <div className="actions">
        <Button onPress={run} isDisabled={!entry.member} busy={ask.isPending}>
          {t('control.simulate_run')}
        </Button>
      </div>
      <ProblemNotice error={ask.error} />
      {ask.data ? <Judged judgment={ask.data} policies={policies} /> : null}
    </Section>
  )
}

function Judged({ judgment: j, policies }: { judgment: Judgment; policies: Schemas['Policy'][] }) {
  const { t } = useTranslation()
  const decider = j.policy ? policies.find((p) => p.id === j.policy)?.name : t('control.the_default')
  const yes = (is: boolean) => (is ? t('common.yes') : t('common.no'))
  return (
    <div className="note" role="status">
      <p>
        <strong>{j.enters ? t('control.enters') : t('control.enters_not')}</strong>{' '}
        <Tag tone={tones[j.decision]}>{t(`control.decision.${j.decision}`)}</Tag> {t('control.by', { name: decider ?? '' })}
      </p>
      <Facts
        rows={[
          [t('control.is_on'), yes(j.enabled)],
          [t('control.is_active'), yes(j.active)],
          [t('control.is_admitted'), yes(j.admitted)],
          [t('control.has_factor'), yes(j.factor)],
        ]}
      />
      <ol className="things">
        {j.policies.map((p) => (
          <li key={p.id}>
            <div>
              <strong>{p.name}</strong>
              <p className="help">
                {p.place ? '✓' : '✗'} {t('control.place')} · {p.time ? '✓' : '✗'} {t('control.time')}
                {p.report_only ? ` · ${t('control.report_only')}` : ''}
              </p>
            </div>
            {p.decides ? <Tag tone="good">{t('control.decides')}</Tag> : null}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** What the policies, stored or drafted, would have done with the entries of the last seven days. */
export function Replay({ application: a, policies }: { application: Application; policies?: () => Schemas['NewPolicy'][] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [asked, setAsked] = useState<Schemas['NewPolicy'][] | undefined>()
  const [cursor, setCursor] = useState('')
  const replay = $api.useMutation('post', `${base}/replay`)
  const run = (draft: Schemas['NewPolicy'][] | undefined, next = '') => {
    setAsked(draft)
    setCursor(next)
    replay.mutate({
      params: { path: { org, client_id: a.client_id }, query: { limit: 20, ...(next ? { cursor: next } : {}) } },
      body: draft ? { policies: draft } : {},
    })
  }
  return (
    <Section title={t('control.replay')}>
      <p className="help">{t(policies ? 'control.replay_draft_help' : 'control.replay_help')}</p>
      <div className="actions">
        <Button onPress={() => run(policies?.())} busy={replay.isPending}>
          {t('control.replay_run')}
        </Button>
      </div>
      <ProblemNotice error={replay.error} />
      {replay.data ? (
        <>
          <Replayed replay={replay.data} />
          <Pager first={!cursor} next={replay.data.next} onFirst={() => run(asked)} onNext={(next) => run(asked, next)} />
        </>
      ) : null}
    </Section>
  )
}

function Replayed({ replay: r }: { replay: Schemas['Replay'] }) {
  const { t } = useTranslation()
  return (
    <div role="status">
      <Facts
        rows={[
          [t('control.entries'), r.entries],
          [t('control.stopped'), t('control.of_people', { entries: r.stopped, people: r.people_stopped })],
          [t('control.asked'), t('control.of_people', { entries: r.asked, people: r.people_asked })],
          [t('control.unknown'), r.address_unknown],
          [t('control.since'), <Moment key="s" at={r.since} />],
        ]}
      />
      {r.complete ? null : <p className="help">{t('control.incomplete')}</p>}
      {r.items.length > 0 ? (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th>{t('control.member')}</th>
                <th>{t('control.when')}</th>
                <th>{t('control.address')}</th>
                <th>{t('control.decision')}</th>
                <th>{t('control.policy')}</th>
              </tr>
            </thead>
            <tbody>
              {r.items.map((e) => (
                <tr key={e.event}>
                  <td>{e.name ?? e.member}</td>
                  <td>
                    <Moment at={e.at} />
                  </td>
                  <td>{e.address}</td>
                  <td>
                    <Tag tone={tones[e.decision]}>{t(`control.decision.${e.decision}`)}</Tag>
                  </td>
                  <td>{e.policy ?? t('control.the_default')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  )
}
