// An application in JavaScript that signs people in by oauth4webapi, a library that takes nothing a standard forbids.
import http from 'node:http';
import { once } from 'node:events';
import * as oauth from 'oauth4webapi';

const insecure = { [oauth.allowInsecureRequests]: true }; // loopback has no TLS

/** One application, as it is registered, with a page at its redirect URI. */
export class Relying {
  #server;
  #code;

  static async start(orgate, { client, secret }) {
    const r = new Relying();
    r.#server = http.createServer((request, response) => response.setHeader('Content-Type', 'text/html').end('<title>back</title><h1>Back</h1>'));
    r.#server.listen(0, '127.0.0.1');
    await once(r.#server, 'listening');
    r.address = `http://127.0.0.1:${r.#server.address().port}`;
    r.client = { client_id: client };
    r.proof = secret ? oauth.ClientSecretBasic(secret) : oauth.None();
    r.issuer = new URL(orgate.address);
    return r;
  }

  get callback() {
    return `${this.address}/callback`;
  }

  /** Proves itself by the secret that it was given meanwhile. */
  keeps(secret) {
    this.proof = oauth.ClientSecretBasic(secret);
  }

  async discover() {
    this.server ??= await oauth.processDiscoveryResponse(this.issuer, await oauth.discoveryRequest(this.issuer, insecure));
    return this.server;
  }

  /** The address at which a sign-in begins. */
  async ask(more = {}) {
    const server = await this.discover();
    this.#code = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
    const address = new URL(server.authorization_endpoint);
    const parameters = {
      client_id: this.client.client_id, redirect_uri: this.callback, response_type: 'code', scope: 'openid profile email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(this.#code.verifier), code_challenge_method: 'S256',
      state: this.#code.state, nonce: this.#code.nonce, ...more,
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  }

  /** Checks the answer in the browser's address; a refusal is thrown. */
  answer(address) {
    return oauth.validateAuthResponse(this.server, this.client, new URL(address), this.#code.state);
  }

  /** Exchanges the code and verifies what came. */
  async redeem(address) {
    const answer = await oauth.authorizationCodeGrantRequest(this.server, this.client, this.proof, this.answer(address), this.callback,
      this.#code.verifier, insecure);
    const tokens = await oauth.processAuthorizationCodeResponse(this.server, this.client, answer, {
      expectedNonce: this.#code.nonce, requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(this.server, answer, insecure);
    return { tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  async userInfo({ tokens, claims }) {
    return oauth.processUserInfoResponse(this.server, this.client, claims.sub,
      await oauth.userInfoRequest(this.server, this.client, tokens.access_token, insecure));
  }

  async refresh({ tokens }) {
    return oauth.processRefreshTokenResponse(this.server, this.client,
      await oauth.refreshTokenGrantRequest(this.server, this.client, this.proof, tokens.refresh_token, insecure));
  }

  async revoke(token) {
    await oauth.processRevocationResponse(await oauth.revocationRequest(this.server, this.client, this.proof, token, insecure));
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
