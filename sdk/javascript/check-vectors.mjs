// Holds signature.mjs to ../vectors.json, and tries it against a server of its own.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import * as o from './signature.mjs';

const { vectors } = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8'));

function refusal(reason, action, name) {
  assert.throws(action, (err) => err instanceof o.Refusal && err.reason === reason, name);
}

for (const v of vectors) {
  if (v.refused) {
    refusal(v.refused, () => o.stringToSign(v, v), v.name);
    continue;
  }
  assert.equal(o.stringToSign(v, v), v.text, v.name);
  assert.equal(o.sign(v.appKey, v.text), v.signature, v.name);
  const headers = {
    Authorization: v.authorization,
    'Content-Type': 'application/json; charset=UTF-8',
    'X-Token-Type': 'LongTicket',
  };
  const { text, signature, body } = v;
  assert.deepEqual(o.makeRequest(v, v), { method: 'POST', path: '/v2/usg/acs/auth/appauth', headers, body, text, signature }, v.name);
  assert.equal(o.authorizationWithoutAccess(v.signature), v.authorization.split(',')[0], v.name);
}

const app = { mode: o.ENTERPRISE, appId: '130436e5b34d4859a87f667a2d626a83', appKey: 'k'.repeat(32) };
const nonces = new Set(Array.from({ length: 200 }, () => JSON.parse(o.makeRequest(app, { expireTime: 0 }).body).nonce));
assert.equal(nonces.size, 200);
for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{48}$/);
refusal('text', () => o.makeRequest(app, { expireTime: 0, userId: '\ud800' }), 'lone surrogate');
for (const expireTime of [undefined, 1.5, '0', Number.NaN]) {
  refusal('expire_time', () => o.makeRequest(app, { expireTime }), `expiry ${expireTime}`);
}

let answer;
let seen;
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    seen = { url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
    response.writeHead(answer.status, { 'X-Request-Id': 'r1', Location: '/elsewhere' });
    response.end(answer.body);
  });
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

answer = { status: 200, body: '{"accessToken":"tok","user":{"name":"张"}}' };
const request = o.makeRequest(app, { expireTime: 0, userId: '张三' });
const token = await o.send(request, `${base}/`);
assert.deepEqual(token, { accessToken: 'tok', user: { name: '张' } });
assert.equal(seen.url, o.PATH);
assert.equal(seen.body, request.body);
assert.equal(seen.headers.authorization, request.headers.Authorization);
assert.equal(seen.headers['x-token-type'], 'LongTicket');

for (const [status, body, code] of [
  [401, '{"error_code":"USG.206010025","error_msg":"no"}', 'USG.206010025'],
  [307, '', ''],
  [502, '<html>', ''],
  [200, '{}', ''],
]) {
  answer = { status, body };
  await assert.rejects(o.login(base, app, { expireTime: 0 }), (err) => {
    assert.deepEqual([err.name, err.status, err.code, err.requestId], ['Failure', status, code, 'r1']);
    return true;
  });
}
for (const bad of ['', 'orgate.example', 'ftp://h', 'https://h?x', 'https://h#x']) {
  await assert.rejects(o.login(bad, app, { expireTime: 0 }), TypeError, bad);
}
server.close();
server.closeAllConnections();
console.log(`javascript: ${vectors.length} vectors agree`);
