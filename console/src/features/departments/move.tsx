import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, version } from '../../api/client'
import { useOrg } from '../../app/organization'
import { ConfirmDialog } from '../../ui/dialog'
import { FindInput } from '../../ui/finder'
import { useSay } from '../../ui/said'
import { usePeople } from './people'
import { type Department, flat, targetsOf, useDepartments, within } from './tree'

/** Asks before a department moves, telling how much moves with it. Without a place to go to, it asks for that too. */
export function MoveDepartment({ department: d, to, onClose }: { department: Department; to: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const say = useSay()
  const departments = useDepartments()
  const people = usePeople(d.code)
  const change = $api.useMutation('patch', '/api/v1/organizations/{org}/departments/{dept}')
  const [parent, setParent] = useState(to)
  const below = flat(departments.tree).filter((other) => within(other, d)).length - 1
  const names = { name: d.name, from: departments.name(d.parent), to: departments.name(parent) }
  const move = async () => {
    await change.mutateAsync({
      params: { path: { org, dept: d.code }, header: { 'If-Match': version(d.version) } },
      body: { parent },
    })
    say(t('departments.moved', names))
  }
  return (
    <ConfirmDialog
      look="second"
      verb={t('departments.move')}
      title={to ? t('departments.move_title', names) : t('departments.move_where', names)}
      act={move}
      disabled={!parent || parent === d.parent}
      onClose={onClose}
    >
      {to ? null : (
        <FindInput
          name="parent"
          label={t('departments.parent')}
          value={parent}
          onChange={setParent}
          choices={targetsOf(d, departments.list).map((o) => ({ id: o.code, label: o.name, help: o.code }))}
        />
      )}
      {to ? <p>{t('departments.move_from', names)}</p> : null}
      {people ? <p>{t('departments.move_people', { people })}</p> : null}
      {below > 0 ? <p>{t('departments.move_below', { count: below })}</p> : null}
      <p className="help">{t('departments.move_text')}</p>
    </ConfirmDialog>
  )
}
