import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { Search, useView } from '../../ui/list'
import { Page } from '../../ui/page'
import { Empty, Loading, Refused } from '../../ui/parts'
import { AddDepartment } from './add'
import { MoveDepartment } from './move'
import { DepartmentPanel } from './panel'
import { narrowed, useDepartments } from './tree'
import { DepartmentTree } from './view'

interface Move {
  code: string
  to: string
}

/** The departments of the organisation. */
export function Component() {
  const { t } = useTranslation()
  const { at } = useOrg()
  const { id } = useParams()
  const view = useView()
  const departments = useDepartments()
  const [move, setMove] = useState<Move | null>(null)
  const q = view.get('q')
  const search = q ? `?${new URLSearchParams({ q })}` : ''
  const back = at('departments') + search
  const shown = narrowed(departments.tree, q)
  const moved = departments.list.find((d) => d.code === move?.code)
  return (
    <Page
      title={t('departments.title')}
      action={
        <ButtonLink look="first" href={at('departments/new') + search}>
          {t('departments.add')}
        </ButtonLink>
      }
      tools={<Search label={t('departments.search')} value={q} onChange={(text) => view.set('q', text)} />}
      panel={
        id === 'new' ? (
          <AddDepartment key={view.get('parent')} back={back} />
        ) : id ? (
          <DepartmentPanel key={id} code={id} back={back} onMove={() => setMove({ code: id, to: '' })} />
        ) : null
      }
    >
      {departments.error ? (
        <Refused error={departments.error} />
      ) : !departments.ready ? (
        <Loading />
      ) : shown.length === 0 ? (
        <Empty title={t('departments.none')}>{t('departments.none_text')}</Empty>
      ) : (
        <>
          <p className="help">{t('departments.drag_help')}</p>
          <DepartmentTree
            tree={shown}
            whole={q !== ''}
            open={id ?? ''}
            href={(code) => at(`departments/${encodeURIComponent(code)}`) + search}
            onMove={(code, to) => setMove({ code, to })}
          />
        </>
      )}
      {move && moved ? <MoveDepartment department={moved} to={move.to} onClose={() => setMove(null)} /> : null}
    </Page>
  )
}
