/** What an integrator copies into the other side. */

/** The addresses of the OAuth 2.0 and OpenID Connect provider, by the names of their discovery document. */
export function providerEndpoints(base: string) {
  return {
    issuer: base,
    discovery: `${base}/.well-known/openid-configuration`,
    authorization_endpoint: `${base}/oauth2/authorize`,
    token_endpoint: `${base}/oauth2/token`,
    userinfo_endpoint: `${base}/oauth2/userinfo`,
    jwks_uri: `${base}/oauth2/jwks`,
    introspection_endpoint: `${base}/oauth2/introspect`,
    revocation_endpoint: `${base}/oauth2/revoke`,
    end_session_endpoint: `${base}/oauth2/logout`,
  }
}

/** The addresses of the CAS server. */
export function casEndpoints(base: string) {
  return {
    prefix: `${base}/cas`,
    login: `${base}/cas/login`,
    validate: `${base}/cas/p3/serviceValidate`,
    validate_v2: `${base}/cas/serviceValidate`,
    logout: `${base}/cas/logout`,
  }
}

export type Protocol = 'oidc' | 'oauth2' | 'cas'

/** All addresses that an application of the protocol may need. Plain OAuth 2.0 has no discovery of OpenID. */
export function endpointsOf(protocol: Protocol, base: string): [string, string][] {
  if (protocol === 'cas') return Object.entries(casEndpoints(base))
  const all = Object.entries(providerEndpoints(base))
  return protocol === 'oidc' ? all : all.filter(([name]) => !['discovery', 'jwks_uri'].includes(name))
}

export interface Given {
  base: string
  clientID: string
  /** What stands for the secret where it is not at hand any more. */
  secret: string
  /** Where the other side stands, such as https://grafana.example. */
  site: string
}

export interface Product {
  id: string
  name: string
  protocol: Protocol
  /** Where the product takes people back, below its address; this is how it wants it registered. */
  callback: string
  /** A service prefix of CAS, below its address. */
  prefix?: string
  config: (g: Given) => string
}

const grafana = (g: Given) => {
  const e = providerEndpoints(g.base)
  return `[auth.generic_oauth]
enabled = true
name = Orgate
client_id = ${g.clientID}
client_secret = ${g.secret}
scopes = openid profile email
auth_url = ${e.authorization_endpoint}
token_url = ${e.token_endpoint}
api_url = ${e.userinfo_endpoint}
login_attribute_path = preferred_username
name_attribute_path = name
use_pkce = true`
}

const gitlab = (g: Given) => `gitlab_rails['omniauth_providers'] = [
  {
    name: "openid_connect",
    label: "Orgate",
    args: {
      name: "openid_connect",
      scope: ["openid", "profile", "email"],
      response_type: "code",
      issuer: "${g.base}",
      discovery: true,
      client_auth_method: "basic",
      uid_field: "sub",
      pkce: true,
      client_options: {
        identifier: "${g.clientID}",
        secret: "${g.secret}",
        redirect_uri: "${g.site}/users/auth/openid_connect/callback"
      }
    }
  }
]`

const nextcloud = (g: Given) => `occ user_oidc:provider Orgate \\
  --clientid="${g.clientID}" \\
  --clientsecret="${g.secret}" \\
  --discoveryuri="${providerEndpoints(g.base).discovery}" \\
  --scope="openid profile email" \\
  --mapping-uid="preferred_username" \\
  --unique-uid=0`

const jenkins = (g: Given) => `jenkins:
  securityRealm:
    oic:
      clientId: "${g.clientID}"
      clientSecret: "${g.secret}"
      serverConfiguration:
        wellKnown:
          wellKnownOpenIDConfigurationUrl: "${providerEndpoints(g.base).discovery}"
          scopesOverride: "openid profile email"
      userNameField: "preferred_username"
      fullNameFieldName: "name"
      emailFieldName: "email"`

const confluence = (g: Given) => `Issuer URL: ${g.base}
Client ID: ${g.clientID}
Client secret: ${g.secret}
Username mapping: \${preferred_username}
Additional scopes: profile email`

const apache = (g: Given) => {
  const e = casEndpoints(g.base)
  return `LoadModule auth_cas_module modules/mod_auth_cas.so
CASLoginURL    ${e.login}
CASValidateURL ${e.validate}
CASSSOEnabled  On

<Location "/">
  AuthType CAS
  Require valid-user
</Location>`
}

const spring = (g: Given) => `cas.server-url-prefix=${casEndpoints(g.base).prefix}
cas.server-login-url=${casEndpoints(g.base).login}
cas.client-host-url=${g.site}
cas.validation-type=CAS3`

/** Products that are set up often, each with what it asks for. */
export const products: readonly Product[] = [
  { id: 'grafana', name: 'Grafana', protocol: 'oidc', callback: '/login/generic_oauth', config: grafana },
  { id: 'gitlab', name: 'GitLab', protocol: 'oidc', callback: '/users/auth/openid_connect/callback', config: gitlab },
  { id: 'nextcloud', name: 'Nextcloud', protocol: 'oidc', callback: '/apps/user_oidc/code', config: nextcloud },
  { id: 'jenkins', name: 'Jenkins', protocol: 'oidc', callback: '/securityRealm/finishLogin', config: jenkins },
  { id: 'confluence', name: 'Confluence', protocol: 'oidc', callback: '/plugins/servlet/oidc/callback', config: confluence },
  { id: 'apache', name: 'Apache (mod_auth_cas)', protocol: 'cas', callback: '/', prefix: '/', config: apache },
  { id: 'spring', name: 'Java (CAS client)', protocol: 'cas', callback: '/', prefix: '/', config: spring },
]

/** The scheme, host and port of an address; empty where it is none. */
export function siteOf(address: string): string {
  try {
    const { protocol, origin } = new URL(address)
    return ['http:', 'https:'].includes(protocol) ? origin : ''
  } catch {
    return ''
  }
}

/** Where a product takes people back when it stands at this address, with or without a path. */
export function callbackAt(product: Product, address: string): string {
  const site = siteOf(address)
  if (!site) return ''
  const path = new URL(address).pathname.replace(/\/+$/, '')
  return site + path + product.callback
}
