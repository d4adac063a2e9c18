import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { Section } from '../../ui/dialog'
import { Facts, Tag } from '../../ui/parts'
import { difference } from './difference'

type Step = Schemas['TraceStep']

const tones = { waiting: 'plain', running: 'plain', passed: 'good', failed: 'bad' } as const
const marks: Record<string, string> = { passed: '✓', failed: '✗', warned: '!', noted: '·' }

/** In which state a try is, and where it goes on: in a tab of its own, so that what was typed stays here. */
export function TryState({ state, url }: { state: 'waiting' | 'passed' | 'failed'; url: string }) {
  const { t } = useTranslation()
  return (
    <div className="note" role="status">
      <p>
        <Tag tone={tones[state]}>{t(`try.state.${state}`)}</Tag> {state === 'waiting' ? t('try.go') : ''}
      </p>
      {state === 'waiting' && url ? (
        <p>
          <a target="_blank" rel="noreferrer" href={url}>
            {t('try.sign_in_at', { host: new URL(url).host })}
          </a>
        </p>
      ) : null}
    </div>
  )
}

/** What was looked at, step by step; what failed tells what was expected, what came, and what helps. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation()
  return (
    <ol className="steps" aria-label={t('try.steps')}>
      {steps.map((s, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added behind
        <li key={i} className={s.state}>
          <span aria-hidden="true" className="step-mark">
            {marks[s.state] ?? '·'}
          </span>
          <div>
            <p>
              <strong>{s.text}</strong> <span className="unseen">{t(`try.step.${s.state as 'passed'}`)}</span>
            </p>
            <Sides step={s} />
            {s.remedy ? <p>{s.remedy}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Expected and received side by side, the first difference marked. */
function Sides({ step: s }: { step: Step }) {
  const { t } = useTranslation()
  if (!s.expected && !s.received) return null
  const failed = s.state === 'failed' && s.expected && s.received
  const { same, expected, received } = difference(s.expected, s.received)
  const shown = (whole: string, rest: string) =>
    failed ? (
      <code>
        {same}
        <mark>{rest}</mark>
      </code>
    ) : (
      <code>{whole}</code>
    )
  return (
    <Facts
      rows={[
        [t('try.expected'), s.expected ? shown(s.expected, expected) : ''],
        [t('try.received'), s.received ? shown(s.received, received) : ''],
      ]}
    />
  )
}

/** What a sign-in with these settings would do. */
export function Outlook({ outlook: o }: { outlook: Schemas['TryOutlook'] }) {
  const { t } = useTranslation()
  if (!o.kind) return null
  return (
    <Section title={t('try.outlook')}>
      <p>{t(`try.outlook.${o.kind as 'find'}`, { name: o.account && o.account !== o.member ? `${o.member} (${o.account})` : o.member })}</p>
      {o.detail ? <p>{o.detail}</p> : null}
    </Section>
  )
}
