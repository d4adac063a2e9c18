import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { LinesInput } from '../../ui/choices'
import { SelectInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { Copyable, CopyButton, Facts } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { WhereAndWho } from '../terminals/fields'
import { type ActivationCode, devices, makeEach, sheetOf } from './codes'

const blank = { device: '', names: [] as string[], department: '', email: '', mobile: '', description: '' }

/** How many are made at once: each is a call of its own. */
const most = 100

/** Makes a code for each device that is named. */
export function AddCodes({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const draft = useDraft(blank)
  const [made, setMade] = useState<ActivationCode[]>([])
  // One change for all of them: what is on the page is read again once.
  const make = useMutation({
    mutationFn: ({ names, device, ...rest }: typeof blank) =>
      makeEach(names, async (name) => {
        const body = { ...filled(rest), name, device: device as ActivationCode['device'] }
        return (await api.POST('/api/v1/organizations/{org}/activation-codes', { params: { path: { org } }, body })).data as ActivationCode
      }),
  })
  const submit = async () => {
    const { names } = draft.values
    const done = await make.mutateAsync(draft.values)
    setMade([...made, ...done.made])
    if (done.made.length > 0) say(t('activations.added', { count: done.made.length }))
    // What is not made yet stays to be sent again.
    draft.set('names', names.slice(done.made.length))
    if (done.refused) throw done.refused
    draft.reset(blank)
  }
  const complete = made.length > 0 && !draft.dirty
  return (
    <Panel title={t('activations.add')} back={back}>
      {made.length > 0 ? <Made codes={made} onDone={complete ? () => void navigate(back) : undefined} /> : null}
      {complete ? null : (
        <FormFrame
          dirty={draft.dirty}
          submit={submit}
          verb={t('activations.make')}
          ready={draft.values.names.length > 0 && draft.values.names.length <= most && draft.values.device !== ''}
        >
          <SelectInput
            {...draft.at('device')}
            label={t('activations.device')}
            required
            choices={devices.map((d) => ({ id: d, label: t(`activations.device.${d}`) }))}
          />
          <LinesInput
            {...draft.at('names')}
            name="name"
            label={t('activations.names')}
            help={t('activations.names_help', { most })}
            required
          />
          <WhereAndWho at={draft.at} contactHelp={t('activations.contact_help')} />
        </FormFrame>
      )}
    </Panel>
  )
}

/** The codes that were made, to be taken along. */
function Made({ codes, onDone }: { codes: readonly ActivationCode[]; onDone?: () => void }) {
  const { t } = useTranslation()
  return (
    <section className="secret-box">
      <h2>{t('activations.made', { count: codes.length })}</h2>
      <p>{t('activations.made_text')}</p>
      <Facts rows={codes.map((c) => [c.name, <Copyable key={c.id} text={c.code} label={c.name} />])} />
      <div className="actions">
        {onDone ? (
          <Button look="first" onPress={onDone}>
            {t('activations.done')}
          </Button>
        ) : null}
        {codes.length > 1 ? <CopyButton text={sheetOf(codes)} label={t('activations.all')} /> : null}
      </div>
    </section>
  )
}
