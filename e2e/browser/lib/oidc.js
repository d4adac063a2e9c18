import http from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

/**
 * An independent authentication centre: npm's oidc-provider, with its own sign-in pages, which take any password. The
 * client is registered for one address of return.
 */
export class Centre {
  #server;

  /** The secret of the client. */
  secret = 'a-secret-of-the-independent-centre-0123456789';

  static async start(callback, people) {
    const centre = new Centre();
    let answer;
    centre.#server = http.createServer((request, response) => answer(request, response));
    centre.#server.listen(0, '127.0.0.1');
    await once(centre.#server, 'listening');
    centre.address = `http://127.0.0.1:${centre.#server.address().port}`;
    const provider = new Provider(centre.address, {
      clients: [{
        client_id: 'orgate', client_secret: centre.secret, redirect_uris: [callback], grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
      }],
      claims: { openid: ['sub', 'name', 'email'] },
      // Claims stand in the ID token too, not in the answer of the user-info address alone.
      conformIdTokenClaims: false,
      findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
      cookies: { keys: ['a key of the independent centre'] },
    });
    answer = provider.callback();
    return centre;
  }

  /** What SSO is configured with, as the manifest writes it. */
  settings(domain) {
    return {
      enabled: true, domain, authorize_url: `${this.address}/auth`, token_url: `${this.address}/token`, userinfo_url: `${this.address}/me`,
      client_id: 'orgate', client_secret: this.secret, scope: 'openid', account_field: 'sub',
      fields: { name: 'name', email: 'email', access_token: 'access_token' },
    };
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Signs in on the pages of the independent centre. */
export async function atIndependentCentre(page, account) {
  await page.locator('input[name=login]').fill(account);
  await page.locator('input[name=password]').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
