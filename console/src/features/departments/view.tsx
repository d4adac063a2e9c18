import { useState } from 'react'
import { Button, Collection, type Key, Tree, TreeItem, TreeItemContent, useDragAndDrop } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icons'
import { Tag } from '../../ui/parts'
import { type Branch, flat, opened } from './tree'

/** What is carried while a department is dragged. Nothing else can be dropped here. */
const carried = 'application/x-orgate-department'

interface Props {
  tree: readonly Branch[]
  /** Whether every branch is open, as what a search found is. */
  whole: boolean
  /** The department that is open beside the tree. */
  open: string
  href: (code: string) => string
  onMove: (code: string, to: string) => void
}

/** The departments as a tree. One that is dropped on another moves below it, by keyboard too. */
export function DepartmentTree({ tree, whole, open, href, onMove }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<Set<Key> | null>(null)
  const list = flat(tree)
  const expanded = whole ? new Set<Key>(list.map((d) => d.code)) : (chosen ?? new Set<Key>(opened(list, open)))
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ [carried]: String(key) })),
    acceptedDragTypes: [carried],
    getAllowedDropOperations: () => ['move'],
    onItemDrop: (event) => {
      const to = String(event.target.key)
      for (const item of event.items) {
        if (item.kind === 'text') void item.getText(carried).then((code) => onMove(code, to))
      }
    },
  })
  const draw = (branch: Branch) => (
    <TreeItem
      key={branch.code}
      id={branch.code}
      textValue={branch.name}
      href={href(branch.code)}
      className={branch.code === open ? 'branch open' : 'branch'}
    >
      <TreeItemContent>
        {({ hasChildItems, allowsDragging }) => (
          <div className="branch-line">
            {allowsDragging && branch.parent ? (
              <Button slot="drag" className="mini">
                <Icon name="grip" />
              </Button>
            ) : (
              <span className="mini" />
            )}
            {hasChildItems ? (
              <Button slot="chevron" className="mini chevron">
                <Icon name="right" />
              </Button>
            ) : (
              <span className="mini" />
            )}
            <strong>{branch.name}</strong>
            <code>{branch.code}</code>
            {branch.sees === 'all' ? null : <Tag>{t(`departments.sees_short.${branch.sees}`)}</Tag>}
            {branch.open ? <Tag tone="good">{t('departments.open_short')}</Tag> : null}
          </div>
        )}
      </TreeItemContent>
      <Collection items={branch.below}>{draw}</Collection>
    </TreeItem>
  )
  return (
    <Tree
      className="tree"
      aria-label={t('departments.title')}
      items={tree}
      expandedKeys={expanded}
      onExpandedChange={setChosen}
      dragAndDropHooks={dragAndDropHooks}
      selectionMode="none"
    >
      {draw}
    </Tree>
  )
}
