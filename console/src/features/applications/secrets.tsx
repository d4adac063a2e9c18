import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmButton } from '../../ui/dialog'
import { SelectInput } from '../../ui/fields'
import { Moment, SecretBox, Tag } from '../../ui/parts'
import type { Application } from './applications'

const one = '/api/v1/organizations/{org}/applications/{client_id}/secrets'
const overlaps = ['86400', '604800', '2592000', '0'] as const

/** The secrets that count, a new one, and the early end of the one before. */
export function ApplicationSecrets({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const rotate = $api.useMutation('post', one)
  const revoke = $api.useMutation('delete', one)
  const [overlap, setOverlap] = useState<string>('86400')
  const [secret, setSecret] = useState('')
  const call = { params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } } }
  if (secret)
    return (
      <SecretBox
        title={t('apps.secret_title')}
        secrets={[
          [t('apps.client_id'), a.client_id],
          [t('apps.client_secret'), secret],
        ]}
        onStored={() => setSecret('')}
      />
    )
  return (
    <>
      <ul className="things">
        {a.secrets.map((s, i) => (
          <li key={s.created_at + (s.ends_at ?? '')}>
            <div>
              <strong>{i === 0 ? t('apps.secret_current') : t('apps.secret_before')}</strong>
              <p className="help">
                {t('apps.secret_made')} <Moment at={s.created_at} />
                {s.ends_at ? (
                  <>
                    {' · '}
                    {t('apps.secret_ends')} <Moment at={s.ends_at} />
                  </>
                ) : null}
              </p>
            </div>
            {i === 0 ? (
              <Tag tone="good">{t('apps.secret_counts')}</Tag>
            ) : (
              <ConfirmButton
                verb={t('apps.secret_revoke')}
                title={t('apps.secret_revoke_title', { name: a.name })}
                act={() => revoke.mutateAsync(call)}
              >
                <p>{t('apps.secret_revoke_text')}</p>
              </ConfirmButton>
            )}
          </li>
        ))}
      </ul>
      <SelectInput
        name="overlap"
        label={t('apps.secret_overlap')}
        help={t('apps.secret_overlap_help')}
        value={overlap}
        onChange={setOverlap}
        choices={overlaps.map((id) => ({ id, label: t(`apps.overlap.${id}`) }))}
      />
      <div className="actions">
        <ConfirmButton
          look="second"
          verb={t('apps.secret_rotate')}
          title={t('apps.secret_rotate_title', { name: a.name })}
          act={async () => {
            const made = await rotate.mutateAsync({ ...call, body: { overlap: Number(overlap) } })
            setSecret(made.client_secret)
          }}
        >
          <p>{overlap === '0' ? t('apps.secret_rotate_now') : t('apps.secret_rotate_text')}</p>
        </ConfirmButton>
      </div>
    </>
  )
}
