import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { Button } from '../../ui/button'
import { ChoicesInput } from '../../ui/choices'
import { Section } from '../../ui/dialog'
import { SelectInput, TextInput } from '../../ui/fields'
import type { Draft } from '../../ui/form'
import { Icon } from '../../ui/icons'
import { useAttributes } from '../attributes/fields'
import type { SourceDraft } from './settings'

type Mapping = Schemas['SourceMapping']

const filled = ['name', 'english_name', 'email', 'mobile', 'title', 'description'] as const

/** Whom a source proves, and what it fills in of them. */
export function Rules({ draft }: { draft: Draft<SourceDraft> }) {
  const { t } = useTranslation()
  return (
    <>
      <Section title={t('sources.match')}>
        <p className="help">{t('sources.match_help')}</p>
        <TextInput {...draft.at('match.theirs')} label={t('sources.theirs')} help={t('sources.theirs_help')} example="email" code />
        <SelectInput
          {...draft.at('match.ours')}
          label={t('sources.ours')}
          choices={(['account', 'email', 'mobile'] as const).map((id) => ({ id, label: t(`members.${id}`) }))}
        />
        <SelectInput
          {...draft.at('match.strategy')}
          label={t('sources.strategy')}
          choices={(['bind_or_create', 'bind', 'create'] as const).map((id) => ({ id, label: t(`sources.strategy.${id}`) }))}
        />
        <ChoicesInput
          {...draft.at('match.trusted')}
          label={t('sources.trusted')}
          help={t('sources.trusted_help')}
          choices={(['email', 'mobile'] as const).map((id) => ({ id, label: t(`members.${id}`) }))}
        />
      </Section>
      <Mappings value={draft.values.mappings} onChange={(mappings) => draft.set('mappings', mappings)} />
    </>
  )
}

function Mappings({ value, onChange }: { value: Mapping[]; onChange: (value: Mapping[]) => void }) {
  const { t } = useTranslation()
  const own = useAttributes()
  const choices = [
    ...filled.map((id) => ({ id, label: t(`apps.attribute.${id as 'name'}`), help: id })),
    ...own.map((a) => ({ id: `attributes.${a.key}`, label: a.label, help: `attributes.${a.key}` })),
  ]
  const set = (index: number, next: Mapping) => onChange(value.map((m, i) => (i === index ? next : m)))
  return (
    <Section title={t('sources.mappings')}>
      <p className="help">{t('sources.mappings_help')}</p>
      {value.map((m, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name of its own
        <div key={i} className="row-of-fields">
          <SelectInput
            name={`mappings.${i}.ours`}
            label={t('sources.fills')}
            value={m.ours}
            onChange={(ours) => set(i, { ...m, ours })}
            choices={choices}
            required
          />
          <TextInput
            name="mappings"
            label={m.fixed === undefined ? t('sources.theirs') : t('sources.fixed')}
            value={m.fixed ?? m.theirs ?? ''}
            onChange={(text) => set(i, m.fixed === undefined ? { ours: m.ours, theirs: text } : { ours: m.ours, fixed: text })}
            code
            required
          />
          <Button
            look="quiet"
            aria-label={t('sources.mapping_remove', { name: m.ours })}
            onPress={() => onChange(value.filter((_, o) => o !== i))}
          >
            <Icon name="close" />
          </Button>
        </div>
      ))}
      <div className="actions">
        <Button onPress={() => onChange([...value, { ours: 'name', theirs: '' }])}>{t('sources.mapping_add')}</Button>
        <Button onPress={() => onChange([...value, { ours: 'description', fixed: '' }])}>{t('sources.fixed_add')}</Button>
      </div>
    </Section>
  )
}
