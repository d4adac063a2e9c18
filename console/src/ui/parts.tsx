import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../api/problem'
import { ago, exact } from '../app/time'
import { Button } from './button'
import { Icon } from './icons'

/** What is going on, for those who see and those who hear. It shows itself late: most answers come before. */
export function Loading() {
  const { t } = useTranslation()
  return (
    <p className="loading" role="status">
      {t('common.loading')}
    </p>
  )
}

/** Why something was refused, with the code by which an administrator finds its story. */
export function ProblemNotice({ error, shown = [] }: { error: unknown; shown?: readonly string[] }) {
  const { t } = useTranslation()
  if (!error) return null
  const problem = problemOf(error)
  const beside = problem.beside(shown)
  // What stands at its field already needs no second sentence.
  if (Object.keys(problem.fields).length > 0 && beside.length === 0) return null
  return (
    <div className="alert" role="alert">
      <p>{beside.length > 0 ? beside.join(' ') : problem.message || t('common.unreachable')}</p>
      {problem.trace ? (
        <p className="help">
          {t('common.trace')} <code>{problem.trace}</code>
        </p>
      ) : null}
    </div>
  )
}

/** What is shown in place of what could not be read. */
export function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const problem = problemOf(error)
  const title = problem.status === 403 ? t('common.forbidden') : problem.status === 404 ? t('common.missing') : t('common.unread')
  return (
    <section className="state">
      <h2>{title}</h2>
      <ProblemNotice error={error} />
    </section>
  )
}

/** What belongs here, and the first step. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className="state">
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action}
    </section>
  )
}

type Tone = 'plain' | 'good' | 'warn' | 'bad'

/** A state in a word. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag ${tone}`}>{children}</span>
}

/** A moment as "3 minutes ago", with the exact time in the viewer's zone beside it for who asks. */
export function Moment({ at }: { at?: string | undefined }) {
  const { i18n, t } = useTranslation()
  if (!at) return <span className="muted">{t('common.never')}</span>
  const moment = new Date(at)
  const full = exact(moment, i18n.language)
  return (
    <time dateTime={at} title={full}>
      {ago(moment, new Date(), i18n.language)}
    </time>
  )
}

/** Names and values, those without a value left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== '' && value !== undefined && value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <Button look="quiet" onPress={() => void copy()} aria-label={label ? t('common.copy_of', { what: label }) : undefined}>
      <Icon name="copy" />
      <span aria-live="polite">{copied ? t('common.copied') : t('common.copy')}</span>
    </Button>
  )
}

/** An address, key or code to be copied. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <span className="copyable">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}

/** A secret that the server tells this once: it stays until its reader says that they have it. */
export function SecretBox({
  title,
  secrets,
  onStored,
}: {
  title: string
  secrets: readonly (readonly [string, string])[]
  onStored: () => void
}) {
  const { t } = useTranslation()
  return (
    <section className="secret-box">
      <h2>{title}</h2>
      <p>{t('common.secret_once')}</p>
      <Facts rows={secrets.map(([name, secret]) => [name, <Copyable key={name} text={secret} label={name} />])} />
      <Button look="first" onPress={onStored}>
        {t('common.stored')}
      </Button>
    </section>
  )
}
