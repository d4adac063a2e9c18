import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { $api } from '../api/client'
import { Button } from '../ui/button'
import { Icon } from '../ui/icons'
import { useMe } from './session'

/**
 * The organisations of somebody with an account of their own: another one by one click, all of them by the last. Going
 * elsewhere ends with another session of the browser, so the server does it and the whole page is drawn anew.
 */
export function Places() {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = $api.useQuery('get', '/api/v1/me/organizations', {}, { enabled: me.personal === true, staleTime: 60_000 })
  if (!me.personal) return null
  const here = data?.items.find((o) => o.id === me.organization_id)
  const others = data?.items.filter((o) => o.open && o.id !== me.organization_id) ?? []
  return (
    <DialogTrigger>
      <Button look="quiet" aria-label={t('places.label', { name: here?.name ?? t('places.none') })}>
        {here?.name ?? t('places.none')}
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="menu" aria-label={t('places.title')}>
          {others.length > 0 ? (
            <form method="post" action="/organizations/">
              <input type="hidden" name="csrf_token" value={me.csrf_token ?? ''} />
              <input type="hidden" name="do" value="switch" />
              {others.map((o) => (
                <button key={o.id} type="submit" name="organization" value={o.id} className="button quiet">
                  {o.name}
                </button>
              ))}
            </form>
          ) : null}
          <a className="button quiet" href="/organizations/">
            {t('places.all')}
          </a>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
