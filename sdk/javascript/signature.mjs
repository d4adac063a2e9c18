/**
 * App ID logins of the Meeting API (4.2): sign them, and send them.
 *
 * An app `{mode, appId, appKey}` states who signs, a login for whom.
 * `login()` sends a complete login and returns the token; `makeRequest()`
 * makes the request without sending it; `stringToSign()`, `sign()` and
 * `authorization()` are the single steps. A mistake that the server could
 * only answer with "login refused" throws a Refusal.
 *
 * Node.js 18 or later, no dependencies. Keep the App Key on a server: this
 * module is not for browsers.
 */

import { createHmac, randomBytes } from 'node:crypto';

/**
 * @typedef {object} App
 * @property {'enterprise'|'sp'} mode an enterprise's app signs four parts, a service provider's five
 * @property {string} appId
 * @property {string} appKey
 *
 * @typedef {object} Login
 * @property {number} expireTime seconds since 1970; 0 never expires, which a server may refuse
 * @property {string} [userId] without it the default administrator is logged in
 * @property {string} [corpId] only, and with a userId always, for service providers
 * @property {string} [nonce] fresh for every signature; makeRequest makes one when it is absent
 * @property {number} [clientType] 72, an API call, when absent
 * @property {string} [userName]
 * @property {string} [userEmail]
 * @property {string} [userPhone] with the country calling code
 * @property {string} [deptCode]
 *
 * @typedef {{method: string, path: string, headers: Record<string, string>, body: string,
 *   text: string, signature: string}} SignedRequest text is what was signed
 */

/** An enterprise's app. */
export const ENTERPRISE = 'enterprise';
/** A service provider's app. */
export const SERVICE_PROVIDER = 'sp';
/** Where a login is sent, by POST. */
export const PATH = '/v2/usg/acs/auth/appauth';

const API_CALL = 72;
const LAST_EXPIRE_TIME = 253402300799; // the end of the year 9999: beyond it stand milliseconds
const PATIENCE = 30_000; // milliseconds

/**
 * A login that cannot be signed; `reason` names the broken rule, the same in
 * all languages: mode, app_id, app_key, user_id, corp_id, corp_id_missing,
 * corp_id_unwanted, expire_time, nonce, text.
 */
export class Refusal extends Error {
  constructor(reason) {
    super(`login cannot be signed: ${reason}`);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/** A login that the server answered but did not accept. */
export class Failure extends Error {
  constructor(status, code, message, requestId) {
    super(`login failed: status ${status}, code "${code}", ${message} (request ${requestId})`);
    this.name = 'Failure';
    this.status = status; // HTTP
    this.code = code; // such as USG.206010025, '' if the answer was not the API's
    this.requestId = requestId; // quote it when asking the server's operator
  }
}

/**
 * Returns the text that is signed. Empty parts keep their colons:
 *
 *     appId:userId:expireTime:nonce           enterprise, a user
 *     appId::expireTime:nonce                 enterprise, its default administrator
 *     appId:corpId:userId:expireTime:nonce    service provider, a user of an enterprise
 *     appId:corpId::expireTime:nonce          service provider, an enterprise's default administrator
 *     appId:::expireTime:nonce                service provider, its own default administrator
 *
 * @param {App} app
 * @param {Login} login
 * @returns {string}
 */
export function stringToSign(app, login) {
  const { userId = '', corpId = '', expireTime, nonce = '' } = login;
  const broken = rules(app, login).find(([isBroken]) => isBroken);
  if (broken) throw new Refusal(broken[1]);
  const owner = app.mode === SERVICE_PROVIDER ? [app.appId, corpId] : [app.appId];
  return [...owner, userId, String(expireTime), nonce].join(':');
}

function rules(app, login) {
  const { appId = '', appKey = '', mode } = app;
  const { userId = '', corpId = '', expireTime, nonce = '' } = login;
  const { userName = '', userEmail = '', userPhone = '', deptCode = '' } = login;
  const provider = mode === SERVICE_PROVIDER;
  const texts = [appId, appKey, userId, corpId, userName, userEmail, userPhone, deptCode];
  return [
    [mode !== ENTERPRISE && !provider, 'mode'],
    [appId === '' || appId.includes(':'), 'app_id'],
    [appKey === '', 'app_key'],
    // A lone surrogate is no text: it could not be sent as it was signed.
    [texts.some((text) => /\p{Surrogate}/u.test(text)), 'text'],
    [!provider && corpId !== '', 'corp_id_unwanted'],
    [provider && userId !== '' && corpId === '', 'corp_id_missing'],
    [corpId.includes(':'), 'corp_id'],
    [userId.includes(':') || [...userId].length > 64, 'user_id'],
    [!Number.isInteger(expireTime) || expireTime < 0 || expireTime > LAST_EXPIRE_TIME, 'expire_time'],
    [!/^[!-9;-~]{32,64}$/.test(nonce), 'nonce'],
  ];
}

/** Returns the lower-case hexadecimal HMAC-SHA256 of a text under an App Key. */
export function sign(appKey, text) {
  return createHmac('sha256', Buffer.from(appKey, 'utf8')).update(text, 'utf8').digest('hex');
}

/** Returns the value of the Authorization header. */
export function authorization(appId, signature) {
  return `${authorizationWithoutAccess(signature)},access=${Buffer.from(appId, 'utf8').toString('base64')}`;
}

/** Returns the older form of the header, for servers that do not know access. */
export function authorizationWithoutAccess(signature) {
  return `HMAC-SHA256 signature=${signature}`;
}

/** Returns a fresh nonce: 48 hexadecimal characters, 192 random bits. */
export function freshNonce() {
  return randomBytes(24).toString('hex');
}

/**
 * Makes the login request, with a fresh nonce when the login has none.
 *
 * @param {App} app
 * @param {Login} login
 * @returns {SignedRequest}
 */
export function makeRequest(app, login) {
  const nonce = login.nonce || freshNonce();
  const text = stringToSign(app, { ...login, nonce });
  const { clientType = API_CALL, expireTime } = login;
  const body = { appId: app.appId, clientType, expireTime, nonce };
  for (const name of ['corpId', 'userId', 'userName', 'userEmail', 'userPhone', 'deptCode']) {
    if (login[name]) body[name] = login[name];
  }
  const signature = sign(app.appKey, text);
  return {
    method: 'POST',
    path: PATH,
    headers: {
      Authorization: authorization(app.appId, signature),
      'Content-Type': 'application/json; charset=UTF-8',
      'X-Token-Type': 'LongTicket',
    },
    body: JSON.stringify(body),
    text,
    signature,
  };
}

/**
 * Sends a request to a server such as "https://orgate.example" and returns
 * the token: the answer as an object with accessToken, expireTime, user and
 * the rest. Redirects are not followed: the login is signed for one server.
 * Throws a Failure, or fetch's own error for the network.
 *
 * @param {SignedRequest} request
 * @param {string} baseUrl
 * @returns {Promise<object>}
 */
export async function send(request, baseUrl) {
  const base = new URL(baseUrl);
  if (!/^https?:$/.test(base.protocol) || base.search || base.hash) {
    throw new TypeError('base URL must be http(s)://host, with a path at most');
  }
  const response = await fetch(base.href.replace(/\/+$/, '') + request.path, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
  });
  const answer = parse(await response.text());
  const requestId = response.headers.get('X-Request-Id') ?? '';
  if (response.status !== 200) {
    throw new Failure(response.status, answer.error_code ?? '', answer.error_msg ?? '', requestId);
  }
  if (!answer.accessToken) throw new Failure(200, '', 'the answer holds no accessToken', requestId);
  return answer;
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/**
 * Makes and sends the login; see makeRequest and send.
 *
 * @param {string} baseUrl
 * @param {App} app
 * @param {Login} login
 * @returns {Promise<object>}
 */
export async function login(baseUrl, app, login) {
  return send(makeRequest(app, login), baseUrl);
}
