import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Icon } from '../../ui/icons'
import { ProblemNotice } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { useAttributes } from '../attributes/fields'
import { MemberInput } from '../pick/who'
import { TryButton } from '../tries/application'
import type { Application } from './applications'

type Rule = Schemas['ClaimRule']

const attributes = [
  'user_id',
  'name',
  'english_name',
  'account',
  'email',
  'mobile',
  'language',
  'third_account',
  'employee_number',
  'title',
  'sip_number',
  'role',
  'department',
  'groups',
  'organization_code',
  'organization_name',
] as const

/** What an application learns of people besides what its scopes release. */
export function ApplicationClaims({ application: a }: { application: Application }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const own = useAttributes()
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/applications/{client_id}')
  const draft = useDraft({ claims: a.claims })
  const rules = draft.values.claims
  const set = (index: number, part: Partial<Rule>) =>
    draft.set(
      'claims',
      rules.map((rule, i) => (i === index ? { ...rule, ...part } : rule)),
    )
  const submit = async () => {
    await change.mutateAsync({
      params: { path: { org, client_id: a.client_id }, header: { 'If-Match': version(a.version) } },
      body: { claims: rules },
    })
    say(t('apps.changed', { name: a.name }))
  }
  const choices = [
    ...attributes.map((id) => ({ id, label: t(`apps.attribute.${id}`), help: id })),
    ...own.map((o) => ({ id: `attribute:${o.key}`, label: o.label, help: `attribute:${o.key}` })),
  ]
  return (
    <>
      <FormFrame
        dirty={draft.dirty}
        submit={submit}
        verb={t('common.save')}
        more={a.protocol === 'cas' ? null : <TryButton application={a} change={() => (draft.dirty ? { claims: rules } : {})} />}
      >
        <p className="help">{t('apps.claims_help')}</p>
        {rules.map((rule, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name of its own
          <div key={i} className="row-of-fields">
            <TextInput name="claims" label={t('apps.claim')} value={rule.claim} onChange={(claim) => set(i, { claim })} code required />
            <SelectInput
              name={`claims.${i}.attribute`}
              label={t('apps.attribute')}
              value={rule.attribute}
              onChange={(attribute) => set(i, { attribute })}
              choices={choices}
              required
            />
            <Button
              look="quiet"
              aria-label={t('apps.claim_remove', { name: rule.claim })}
              onPress={() =>
                draft.set(
                  'claims',
                  rules.filter((_, other) => other !== i),
                )
              }
            >
              <Icon name="close" />
            </Button>
          </div>
        ))}
        <div>
          <Button onPress={() => draft.set('claims', [...rules, { claim: '', attribute: 'account' }])}>
            <Icon name="plus" />
            {t('apps.claim_add')}
          </Button>
        </div>
      </FormFrame>
      <ClaimTest application={a} rules={rules} />
    </>
  )
}

/** What the rules, saved or not, release of one member. */
function ClaimTest({ application: a, rules }: { application: Application; rules: Rule[] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const [member, setMember] = useState('')
  const test = $api.useMutation('post', '/api/v1/organizations/{org}/applications/{client_id}/claims/test')
  const run = () => test.mutate({ params: { path: { org, client_id: a.client_id } }, body: { member, claims: rules } })
  return (
    <Section title={t('apps.claim_test')}>
      <MemberInput name="member" label={t('apps.claim_member')} value={member} onChange={setMember} />
      <div className="actions">
        <Button onPress={run} isDisabled={!member} busy={test.isPending}>
          {t('apps.claim_run')}
        </Button>
      </div>
      <ProblemNotice error={test.error} />
      {test.data ? (
        <div className="table-scroll" role="status">
          <table>
            <thead>
              <tr>
                <th>{t('apps.claim')}</th>
                <th>{t('apps.attribute')}</th>
                <th>{t('apps.value')}</th>
              </tr>
            </thead>
            <tbody>
              {test.data.items.map((c) => (
                <tr key={c.claim}>
                  <td>
                    <code>{c.claim}</code>
                  </td>
                  <td>
                    <code>{c.attribute}</code>
                  </td>
                  <td>{c.value === null ? <span className="muted">{t('apps.released_nothing')}</span> : String(c.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {test.data.items.length === 0 ? <p className="help">{t('apps.no_rules')}</p> : null}
        </div>
      ) : null}
    </Section>
  )
}
