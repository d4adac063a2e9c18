import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { useScope } from '../../app/scope'
import { Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { CopyButton, Facts, Moment } from '../../ui/parts'
import { Steps } from '../tries/report'
import { compare, type Piece, visible } from './compare'
import { samples } from './samples'

type Check = Schemas['SignatureCheck']

const example = `curl https://… \\
  -H 'Authorization: HMAC-SHA256 signature=…' \\
  -d '{"appId":"…","clientType":72,…}'`

/** A login that was refused is pasted here and explained. Nobody is signed in by it. */
export function SignatureCheck({ appID }: { appID: string }) {
  const { t } = useTranslation()
  const { org, path } = useScope()
  const check = $api.useMutation(
    'post',
    path('/api/v1/organizations/{org}/app-ids/{app_id}/signature-checks', '/api/v1/provider/app-ids/{app_id}/signature-checks'),
  )
  const draft = useDraft({ request: '', string_to_sign: '' })
  const submit = async () => {
    const { request, string_to_sign } = draft.values
    await check.mutateAsync({
      params: { path: { org, app_id: appID } },
      body: string_to_sign ? { request, string_to_sign } : { request },
    })
  }
  return (
    <>
      <p>{t('signature.text')}</p>
      <FormFrame dirty={false} submit={submit} verb={t('signature.explain')} ready={draft.values.request.trim() !== ''}>
        <TextInput
          {...draft.at('request')}
          label={t('signature.request')}
          help={t('signature.request_help')}
          example={example}
          rows={8}
          code
          required
        />
        <TextInput
          {...draft.at('string_to_sign')}
          label={t('signature.own')}
          help={t('signature.own_help')}
          rows={2}
          maxLength={1024}
          code
        />
      </FormFrame>
      {check.data && !check.isPending ? <Explained check={check.data} /> : null}
    </>
  )
}

function Explained({ check: c }: { check: Check }) {
  const { t } = useTranslation()
  const failed = c.checks.filter((s) => s.state === 'failed').length
  const passed = c.checks.filter((s) => s.state === 'passed')
  const open = c.checks.filter((s) => s.state !== 'passed')
  return (
    <>
      <div className={c.passed ? 'note' : 'alert'} role="status">
        <p>{c.passed ? t('signature.passed') : t('signature.refused', { count: failed })}</p>
      </div>
      {open.length > 0 ? (
        <Section title={t('signature.to_mend')}>
          <Steps steps={open} />
        </Section>
      ) : null}
      {c.string_to_sign ? <Texts check={c} /> : null}
      <Section title={t('signature.circumstances')}>
        <Facts
          rows={[
            [t('signature.key'), c.string_to_sign ? t(`signature.key.${c.key || 'none'}`) : ''],
            [t('signature.key_ends'), c.key_ends_at ? <Moment key="k" at={c.key_ends_at} /> : ''],
            [t('signature.server_time'), <Time key="s" seconds={Date.parse(c.server_time) / 1000} />],
            [t('signature.expires'), c.string_to_sign ? <Time key="e" seconds={c.expire_time} /> : ''],
          ]}
        />
      </Section>
      <details>
        <summary>{t('signature.checks', { count: passed.length })}</summary>
        <Steps steps={passed} />
      </details>
    </>
  )
}

/** The seconds as they are signed, with what they stand for. */
function Time({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const instant = new Date(seconds * 1000)
  return (
    <>
      <code>{Math.floor(seconds)}</code>{' '}
      {seconds === 0 ? t('signature.never') : Number.isNaN(instant.getTime()) ? null : <Moment at={instant.toISOString()} />}
    </>
  )
}

/** What is to be signed beside what was, to the byte. */
function Texts({ check: c }: { check: Check }) {
  const { t } = useTranslation()
  const both = c.signed ? compare(c.string_to_sign, c.signed) : null
  const bytes = (text: string) => t('signature.bytes', { count: new TextEncoder().encode(text).length })
  return (
    <Section title={t('signature.signed_text')} actions={<CopyButton text={c.string_to_sign} label={t('signature.server_text')} />}>
      <Facts
        rows={[
          [
            `${t('signature.server_text')} (${bytes(c.string_to_sign)})`,
            <Shown key="s" pieces={both ? both.expected : visible(c.string_to_sign)} />,
          ],
          [
            `${t(c.signed_found ? 'signature.found_text' : 'signature.own_text')} (${bytes(c.signed)})`,
            both ? <Shown key="o" pieces={both.received} /> : '',
          ],
        ]}
      />
      {both ? (
        <p role="note">{both.at < 0 ? t('signature.same') : t('signature.differs', { byte: both.at })}</p>
      ) : (
        <p className="help">{t('signature.unknown_text')}</p>
      )}
      <Facts
        rows={c.parts.map((p) => [p.name, p.value ? <Shown key={p.name} pieces={visible(p.value)} /> : t('signature.empty_part')] as const)}
      />
    </Section>
  )
}

function Shown({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <code className="bytes">
      {pieces.map((p, i) => {
        const text = p.name ? (
          <abbr key="a" className="sign-of" title={p.name}>
            {p.text}
          </abbr>
        ) : (
          p.text
        )
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
        return p.differs ? <mark key={i}>{text}</mark> : <span key={i}>{text}</span>
      })}
    </code>
  )
}

/** A login in the language of whoever writes it, ready but for the key. */
export function SignatureSamples({ appID }: { appID: string }) {
  const { t } = useTranslation()
  const { org } = useScope()
  const [chosen, setChosen] = useState('java')
  const sample = samples.find((s) => s.id === chosen)
  const code = sample?.code({ base: location.origin, appID, provider: !org }) ?? ''
  return (
    <>
      <p>{t('signature.samples_text')}</p>
      <SelectInput
        name="language"
        label={t('signature.language')}
        value={chosen}
        onChange={setChosen}
        choices={samples.map((s) => ({ id: s.id, label: s.name }))}
      />
      <div className="snippet">
        <pre>{code}</pre>
        <CopyButton text={code} label={sample?.name ?? ''} />
      </div>
    </>
  )
}
