import { type ReactNode, useState } from 'react'
import {
  Button as BaseButton,
  Cell,
  Checkbox,
  Column,
  Dialog,
  DialogTrigger,
  Popover,
  Row,
  type Selection,
  type SortDescriptor,
  Table,
  TableBody,
  TableHeader,
} from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { CheckInput } from './fields'
import { Icon } from './icons'
import { Loading, Refused } from './parts'

export interface ColumnOf<T> {
  id: string
  title: string
  cell: (item: T) => ReactNode
  /** What the server calls the order by this column; left out, it does not sort by it. */
  sort?: string
  numeric?: boolean
  /** Shown only when chosen. */
  spare?: boolean
}

interface TableProps<T> {
  /** Names the table to the choice of columns, which the browser remembers, and to whoever does not see it. */
  id: string
  label: string
  columns: readonly ColumnOf<T>[]
  items: readonly T[] | undefined
  keyOf: (item: T) => string
  /** Where a row leads. */
  href?: (item: T) => string
  /** Which row is open beside the table. */
  open?: string
  error?: unknown
  empty: ReactNode
  sort?: string
  onSort?: (sort: string) => void
  selected?: Selection
  onSelect?: (selected: Selection) => void
}

/** The columns that somebody wants to see in a table. */
function useColumns<T>(id: string, columns: readonly ColumnOf<T>[]) {
  const key = `orgate.columns.${id}`
  const [hidden, setHidden] = useState<string[]>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
      if (Array.isArray(kept)) return kept.filter((name) => typeof name === 'string')
    } catch {
      // What cannot be read counts as never chosen.
    }
    return columns.filter((c) => c.spare).map((c) => c.id)
  })
  const show = (name: string, on: boolean) => {
    const next = on ? hidden.filter((h) => h !== name) : [...hidden, name]
    setHidden(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  return { shown: columns.filter((c, i) => i === 0 || !hidden.includes(c.id)), show }
}

function ColumnChoice<T>({
  columns,
  shown,
  show,
}: {
  columns: readonly ColumnOf<T>[]
  shown: readonly ColumnOf<T>[]
  show: (id: string, on: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <DialogTrigger>
      <Button look="quiet">
        <Icon name="columns" />
        {t('table.columns')}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="choice-of-columns" aria-label={t('table.columns')}>
          {columns.slice(1).map((c) => (
            <CheckInput key={c.id} name={c.id} label={c.title} value={shown.includes(c)} onChange={(on) => show(c.id, on)} />
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** A list of things of one kind, a row each. The server sorts, finds and cuts into pages; the table shows. */
export function DataTable<T extends object>(p: TableProps<T>) {
  const { t } = useTranslation()
  const { shown, show } = useColumns(p.id, p.columns)
  if (p.error) return <Refused error={p.error} />
  if (!p.items) return <Loading />
  if (p.items.length === 0) return p.empty
  const sorted: SortDescriptor | undefined = p.sort
    ? { column: p.columns.find((c) => c.sort === p.sort)?.id ?? '', direction: 'ascending' }
    : undefined
  const select = p.onSelect !== undefined
  return (
    <div className="table-frame">
      {p.columns.length > 2 ? (
        <div className="table-tools">
          <ColumnChoice columns={p.columns} shown={shown} show={show} />
        </div>
      ) : null}
      <div className="table-scroll">
        <Table
          aria-label={p.label}
          selectionMode={select ? 'multiple' : 'none'}
          selectedKeys={p.selected ?? []}
          onSelectionChange={(keys) => p.onSelect?.(keys)}
          sortDescriptor={sorted}
          onSortChange={(d) => p.onSort?.(p.columns.find((c) => c.id === d.column)?.sort ?? '')}
        >
          <TableHeader>
            {select ? (
              <Column className="tick">
                <Tick />
              </Column>
            ) : null}
            {shown.map((c, i) => (
              <Column
                key={c.id}
                id={c.id}
                isRowHeader={i === 0}
                allowsSorting={Boolean(c.sort && p.onSort)}
                className={c.numeric ? 'number' : ''}
              >
                {({ sortDirection }) => (
                  <span className="column">
                    {c.title}
                    {sortDirection ? <Icon name="down" /> : null}
                  </span>
                )}
              </Column>
            ))}
          </TableHeader>
          <TableBody>
            {p.items.map((item) => {
              const key = p.keyOf(item)
              return (
                <Row key={key} id={key} href={p.href?.(item)} textValue={key} className={key === p.open ? 'row open' : 'row'}>
                  {select ? (
                    <Cell className="tick">
                      <Tick />
                    </Cell>
                  ) : null}
                  {shown.map((c) => (
                    <Cell key={c.id} className={c.numeric ? 'number' : ''}>
                      {c.cell(item)}
                    </Cell>
                  ))}
                </Row>
              )
            })}
          </TableBody>
        </Table>
      </div>
      <p className="unseen" role="status">
        {t('table.rows', { count: p.items.length })}
      </p>
    </div>
  )
}

function Tick() {
  return (
    <Checkbox slot="selection" className="check">
      <span className="box">
        <Icon name="check" />
      </span>
    </Checkbox>
  )
}

/** On through the pages of a list. The server knows the way forwards; the way back is that of the browser. */
export function Pager({
  first,
  next,
  onFirst,
  onNext,
  onBack,
}: {
  first: boolean
  next?: string
  onFirst: () => void
  onNext: (cursor: string) => void
  onBack?: () => void
}) {
  const { t } = useTranslation()
  if (first && !next) return null
  return (
    <nav className="pager" aria-label={t('table.pages')}>
      {first ? null : <Button onPress={onFirst}>{t('table.first')}</Button>}
      {!first && onBack ? <Button onPress={onBack}>{t('table.back')}</Button> : null}
      {next ? <Button onPress={() => onNext(next)}>{t('table.next')}</Button> : null}
    </nav>
  )
}

/** A filter that is in force, and the way to take it away. */
export function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <span className="chip">
      {label}
      <BaseButton onPress={onRemove} aria-label={t('table.remove_filter', { filter: label })}>
        <Icon name="close" />
      </BaseButton>
    </span>
  )
}
