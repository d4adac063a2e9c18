import { useEffect, useState } from 'react'
import { Button as BaseButton, Input, Label, ListBox, ListBoxItem, Popover, SearchField, Select, SelectValue } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import type { Choice } from './fields'
import { Icon } from './icons'

/**
 * What a list shows, kept in the address: what is looked for, the filters, the order and the page. So every view of it
 * can be sent to somebody, and the back button undoes.
 */
export function useView() {
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const location = useLocation()
  const depth = ((location.state ?? {}) as { depth?: number }).depth ?? 0
  const get = (name: string) => params.get(name) ?? ''
  const set = (name: string, value: string) => {
    setParams(
      (now) => {
        const next = new URLSearchParams(now)
        if (value) next.set(name, value)
        else next.delete(name)
        // Another view begins with its first page.
        if (name !== 'cursor') next.delete('cursor')
        return next
      },
      { replace: name === 'q', state: name === 'cursor' && value ? { depth: depth + 1 } : null },
    )
  }
  /** A parameter of the call: what is not in the address is left out. */
  const query = (name: string) => params.get(name) ?? undefined
  return {
    get,
    set,
    query,
    search: location.search,
    pager: {
      first: !params.get('cursor'),
      onFirst: () => set('cursor', ''),
      onNext: (cursor: string) => set('cursor', cursor),
      onBack: depth > 0 ? () => void navigate(-1) : undefined,
    },
  }
}

/** What is looked for. It is asked for a moment after the last letter, not with each. */
export function Search({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <SearchField className="search" aria-label={label} value={text} onChange={setText} onSubmit={onChange}>
      <Icon name="search" />
      <Input placeholder={label} />
      <BaseButton className="clear" aria-label={t('table.clear')}>
        <Icon name="close" />
      </BaseButton>
    </SearchField>
  )
}

/** One of the filters beside the search. The first choice is that of all. */
export function Filter({
  label,
  value,
  onChange,
  choices,
  whole,
}: {
  label: string
  value: string
  onChange: (id: string) => void
  choices: readonly Choice[]
  /** One of the choices always holds: there is none that takes the filter away. */
  whole?: boolean
}) {
  const { t } = useTranslation()
  const all = whole ? choices : [{ id: '', label: t('table.all') }, ...choices]
  return (
    <Select className="filter" value={value || 'all'} onChange={(key) => onChange(key === 'all' ? '' : String(key))}>
      <Label className="unseen">{label}</Label>
      <BaseButton className={value ? 'select set' : 'select'}>
        <span aria-hidden="true">{label}: </span>
        <SelectValue />
        <Icon name="down" />
      </BaseButton>
      <Popover className="popover">
        <ListBox className="options" items={all.map((c) => ({ ...c, id: c.id || 'all' }))}>
          {(choice) => (
            <ListBoxItem id={choice.id} className="option">
              {choice.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
