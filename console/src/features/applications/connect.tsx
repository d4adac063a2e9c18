import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../../ui/dialog'
import { SelectInput } from '../../ui/fields'
import { Copyable, CopyButton, Facts } from '../../ui/parts'
import type { Application } from './applications'
import { endpointsOf, products, siteOf } from './integration'

/** What the other side is given: credentials, addresses, and the settings of products that are set up often. */
export function Connect({ application: a, secret, first = '' }: { application: Application; secret?: string; first?: string }) {
  const { t } = useTranslation()
  const base = location.origin
  const fitting = products.filter((p) => p.protocol === (a.protocol === 'oauth2' ? 'oidc' : a.protocol))
  const [chosen, setChosen] = useState(first || (fitting[0]?.id ?? ''))
  const product = fitting.find((p) => p.id === chosen)
  const shown = secret || (a.public ? t('apps.connect.no_secret') : t('apps.connect.the_secret'))
  const text = product?.config({ base, clientID: a.client_id, secret: shown, site: siteOf(a.home_urls[0] ?? '') }) ?? ''
  return (
    <>
      <Section title={t('apps.connect.addresses')}>
        <p className="help">{t(a.protocol === 'cas' ? 'apps.connect.cas_help' : 'apps.connect.help')}</p>
        <Facts
          rows={[
            [t('apps.client_id'), a.protocol === 'cas' ? '' : <Copyable key="id" text={a.client_id} label={t('apps.client_id')} />],
            ...endpointsOf(a.protocol, base).map(
              ([name, address]) =>
                [
                  t(`apps.endpoint.${name as 'issuer'}`),
                  <Copyable key={name} text={address} label={t(`apps.endpoint.${name as 'issuer'}`)} />,
                ] as const,
            ),
            [t('apps.login_url'), a.login_url ? <Copyable key="login" text={a.login_url} label={t('apps.login_url')} /> : ''],
            [
              t('apps.administrator_login_url'),
              a.administrator_login_url ? (
                <Copyable key="admin" text={a.administrator_login_url} label={t('apps.administrator_login_url')} />
              ) : (
                ''
              ),
            ],
          ]}
        />
      </Section>
      <Section title={t('apps.connect.products')}>
        <SelectInput
          name="product"
          label={t('apps.product')}
          value={chosen}
          onChange={setChosen}
          choices={fitting.map((p) => ({ id: p.id, label: p.name }))}
        />
        {product ? (
          <div className="snippet">
            <pre>{text}</pre>
            <CopyButton text={text} label={product.name} />
          </div>
        ) : null}
        <p className="help">{t('apps.connect.products_help')}</p>
      </Section>
    </>
  )
}
