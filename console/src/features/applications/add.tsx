import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { $api, type Schemas } from '../../api/client'
import { filled } from '../../api/filled'
import { useOrg } from '../../app/organization'
import { ButtonLink } from '../../ui/button'
import { LinesInput } from '../../ui/choices'
import { Section } from '../../ui/dialog'
import { CheckInput, SelectInput, TextInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Page } from '../../ui/page'
import { SecretBox } from '../../ui/parts'
import { useSay } from '../../ui/said'
import { WhoInputs } from './access'
import { Connect } from './connect'
import { callbackAt, type Protocol, products } from './integration'

const blank = {
  product: 'other',
  site: '',
  protocol: 'oidc' as Protocol,
  name: '',
  client_id: '',
  home_urls: [] as string[],
  public: false,
  access: { everyone: false, members: [], departments: [], groups: [] } as Schemas['ApplicationAccess'],
}

/** Adds an application: what it is, where it stands, who may enter; then what the other side needs. */
export function AddApplication() {
  const { t } = useTranslation()
  const { org, at } = useOrg()
  const say = useSay()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/applications')
  const draft = useDraft(blank)
  const [made, setMade] = useState<Schemas['ProvenApplication'] | null>(null)
  const { values } = draft
  const product = products.find((p) => p.id === values.product)
  const protocol = product?.protocol ?? values.protocol
  const choose = (id: string) => {
    const next = products.find((p) => p.id === id)
    draft.set('product', id)
    if (next && !values.name) draft.set('name', next.id === 'apache' || next.id === 'spring' ? '' : next.name)
    if (next && callbackAt(next, values.site)) draft.set('home_urls', [callbackAt(next, values.site)])
  }
  const stand = (site: string) => {
    draft.set('site', site)
    if (product && callbackAt(product, site)) draft.set('home_urls', [callbackAt(product, site)])
  }
  const submit = async () => {
    const { product: _, site, name, home_urls, access, client_id } = values
    const application = await add.mutateAsync({
      params: { path: { org } },
      body: {
        ...filled({ client_id }),
        name,
        protocol,
        home_urls,
        access,
        ...(protocol === 'cas' ? {} : { public: values.public }),
        ...(product?.prefix ? { cas: { service_prefixes: [callbackAt(product, site)].filter(Boolean) } } : {}),
      },
    })
    say(t('apps.added', { name: application.name }))
    setMade(application)
  }
  if (made) return <Made application={made} product={values.product} />
  return (
    <Page title={t('apps.add')}>
      <div className="card narrow">
        <FormFrame
          dirty={draft.dirty}
          submit={submit}
          verb={t('apps.add')}
          more={<ButtonLink href={at('applications')}>{t('common.cancel')}</ButtonLink>}
        >
          <Section title={t('apps.wizard.what')}>
            <SelectInput
              name="product"
              label={t('apps.product')}
              help={t('apps.product_help')}
              value={values.product}
              onChange={choose}
              choices={[
                { id: 'other', label: t('apps.product.other') },
                ...products.map((p) => ({ id: p.id, label: p.name, help: t(`apps.protocol.${p.protocol}`) })),
              ]}
            />
            {product ? (
              <TextInput
                name="site"
                type="url"
                label={t('apps.site')}
                help={t('apps.site_help')}
                value={values.site}
                onChange={stand}
                example={`https://${product.id}.example`}
              />
            ) : (
              <SelectInput
                {...draft.at('protocol')}
                onChange={(v) => draft.set('protocol', v as Protocol)}
                label={t('apps.protocol')}
                help={t('apps.protocol_help')}
                choices={(['oidc', 'oauth2', 'cas'] as const).map((p) => ({
                  id: p,
                  label: t(`apps.protocol.${p}`),
                  help: t(`apps.protocol_is.${p}`),
                }))}
              />
            )}
            <TextInput {...draft.at('name')} label={t('apps.name')} required maxLength={64} />
          </Section>
          <Section title={t('apps.wizard.where')}>
            <LinesInput
              {...draft.at('home_urls')}
              label={t(protocol === 'cas' ? 'apps.services' : 'apps.home_urls')}
              help={t(protocol === 'cas' ? 'apps.services_help' : 'apps.home_urls_help')}
              required
              example="https://wiki.example/callback"
            />
            <TextInput {...draft.at('client_id')} label={t('apps.client_id')} help={t('apps.client_id_help')} code />
            {protocol === 'cas' ? null : <CheckInput {...draft.at('public')} label={t('apps.public')} help={t('apps.public_help')} />}
          </Section>
          <Section title={t('apps.wizard.who')}>
            <WhoInputs value={values.access} onChange={(access) => draft.set('access', access)} />
          </Section>
        </FormFrame>
      </div>
    </Page>
  )
}

/** What the other side needs, the secret this once. */
function Made({ application: a, product }: { application: Schemas['ProvenApplication']; product: string }) {
  const { t } = useTranslation()
  const { at } = useOrg()
  const [stored, setStored] = useState(false)
  const known = products.some((p) => p.id === product)
  return (
    <Page
      title={t('apps.made', { name: a.name })}
      action={
        stored || !a.client_secret ? (
          <ButtonLink look="first" href={at(`applications/${a.client_id}`)}>
            {t('apps.to_page')}
          </ButtonLink>
        ) : null
      }
    >
      <div className="card narrow">
        {a.client_secret && !stored ? (
          <SecretBox
            title={t('apps.secret_title')}
            secrets={[
              [t('apps.client_id'), a.client_id],
              [t('apps.client_secret'), a.client_secret],
            ]}
            onStored={() => setStored(true)}
          />
        ) : null}
        <Connect application={a} secret={stored ? '' : a.client_secret} first={known ? product : ''} />
      </div>
    </Page>
  )
}
