import { useTranslation } from 'react-i18next'
import { $api, type Schemas, version } from '../../api/client'
import { TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { Loading, Refused } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { limitNames, limitsOf, typedLimits } from './limits'

const path = '/api/v1/settings/message-limits'

/** How many messages may leave, so that nobody makes a nuisance or a bill of them. */
export function Component() {
  const { t } = useTranslation()
  const { data, error } = $api.useQuery('get', path)
  return (
    <Page title={t('limits.title')}>
      {error ? <Refused error={error} /> : data ? <Limits key={data.version} limits={data} /> : <Loading />}
    </Page>
  )
}

function Limits({ limits: l }: { limits: Schemas['MessageLimits'] }) {
  const { t, i18n } = useTranslation()
  const say = useSay()
  const set = $api.useMutation('put', path)
  const draft = useDraft(typedLimits(l))
  const number = new Intl.NumberFormat(i18n.language)
  const inForce = (n: number | undefined) =>
    n === undefined || n < 0 ? t('limits.without') : t('limits.in_force', { most: number.format(n) })
  const submit = async () => {
    await set.mutateAsync({ params: { header: l.version > 0 ? { 'If-Match': version(l.version) } : {} }, body: limitsOf(draft.values) })
    say(t('limits.saved'))
  }
  return (
    <div className="column-of-forms">
      <p className="help">{t('limits.text')}</p>
      <FormFrame dirty={draft.dirty} submit={submit} verb={t('common.save')}>
        {limitNames.map((name) => (
          <TextInput key={name} {...draft.at(name)} type="number" label={t(`limits.most.${name}`)} help={inForce(l.in_force[name])} />
        ))}
      </FormFrame>
    </div>
  )
}
