import { describe, expect, it } from 'vitest'
import { callbackAt, endpointsOf, products, siteOf } from './integration'

const base = 'https://id.example'

describe('what an integrator copies', () => {
  it('has all addresses of the protocol, and none of another', () => {
    const names = (protocol: 'oidc' | 'oauth2' | 'cas') => endpointsOf(protocol, base).map(([name]) => name)
    expect(names('oidc')).toContain('discovery')
    expect(names('oauth2')).not.toContain('discovery')
    expect(names('oauth2')).toContain('token_endpoint')
    expect(names('cas')).toEqual(['prefix', 'login', 'validate', 'validate_v2', 'logout'])
    for (const [, address] of endpointsOf('oidc', base)) expect(address.startsWith(base)).toBe(true)
  })

  it('names client and server to every product', () => {
    for (const p of products) {
      const text = p.config({ base, clientID: 'shop', secret: 'a secret', site: 'https://shop.example' })
      expect(text, p.id).toContain(base)
      if (p.protocol !== 'cas') expect(text, p.id).toMatch(/shop[\s\S]*a secret/)
    }
  })

  it('knows where a product takes people back', () => {
    const grafana = products[0]
    if (!grafana) throw new Error('there are none')
    expect(callbackAt(grafana, 'https://g.example')).toBe('https://g.example/login/generic_oauth')
    expect(callbackAt(grafana, 'https://example.com:8443/grafana/')).toBe('https://example.com:8443/grafana/login/generic_oauth')
    expect(callbackAt(grafana, 'grafana')).toBe('')
    expect(siteOf('javascript:alert(1)')).toBe('')
    expect(siteOf('com.example.app:/callback')).toBe('')
  })
})
