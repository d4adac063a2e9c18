import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { $api } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { SecretBox } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { ProjectionInput, WhereAndWho } from './fields'
import { useModels } from './models'
import type { Terminal } from './terminals'

const blank = {
  name: '',
  model: '',
  serial: '',
  projection: 'automatic' as Terminal['projection'],
  department: '',
  email: '',
  mobile: '',
  description: '',
  notify: false,
}

/** Makes a terminal. Its activation code is told this once. */
export function AddTerminal({ back }: { back: string }) {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const navigate = useNavigate()
  const models = useModels()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/terminals')
  const draft = useDraft(blank)
  const [made, setMade] = useState<{ terminal: Terminal; again: boolean } | null>(null)
  const [another, setAnother] = useState(false)
  const model = models.of(draft.values.model)
  const submit = async () => {
    const { name, model: chosen, projection, ...rest } = draft.values
    const again = another
    setAnother(false)
    const terminal = await add.mutateAsync({
      params: { path: { org } },
      body: { ...filled(rest), name, model: chosen, ...(model?.projection ? { projection } : {}) },
    })
    say(t('terminals.added', { name: terminal.name }))
    draft.reset({ ...blank, model: chosen, department: rest.department })
    if (terminal.activation_code) setMade({ terminal, again })
    else if (!again) void navigate(at(`terminals/${terminal.id}`))
  }
  if (made)
    return (
      <Panel title={t('terminals.add')} back={back}>
        <SecretBox
          title={t('terminals.code_title', { name: made.terminal.name })}
          secrets={[
            [t('terminals.account'), made.terminal.account],
            [t('activations.code'), made.terminal.activation_code ?? ''],
          ]}
          onStored={() => (made.again ? setMade(null) : void navigate(at(`terminals/${made.terminal.id}`)))}
        />
      </Panel>
    )
  return (
    <Panel title={t('terminals.add')} back={back}>
      <FormFrame
        dirty={draft.dirty}
        submit={submit}
        verb={t('terminals.add')}
        more={
          <Button type="submit" onPress={() => setAnother(true)}>
            {t('members.add_another')}
          </Button>
        }
      >
        <TextInput {...draft.at('name')} label={t('terminals.name')} help={t('terminals.name_help')} required maxLength={64} />
        <SelectInput
          {...draft.at('model')}
          label={t('terminals.model')}
          help={model ? t(`terminals.model_code.${model.activation ? 'with' : 'without'}`) : undefined}
          required
          choices={models.list.map((m) => ({ id: m.name, label: m.name, help: m.full_hd ? '1080p' : '720p' }))}
        />
        <TextInput {...draft.at('serial')} label={t('terminals.serial')} help={t('terminals.serial_help')} maxLength={64} code />
        {model?.projection ? <ProjectionInput {...draft.at('projection')} /> : null}
        <WhereAndWho at={draft.at} contactHelp={t('terminals.contact_help')} />
        <CheckInput {...draft.at('notify')} label={t('terminals.notify')} help={t('terminals.notify_help')} />
      </FormFrame>
    </Panel>
  )
}
