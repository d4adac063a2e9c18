import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from '@playwright/test';

const run = promisify(execFile);
const startLimit = 60_000;
const stopLimit = 20_000;

/** The binary under test: what `make build` left, unless ORGATE_TEST_BINARY names another. */
function binary() {
  const file = path.resolve(process.env.ORGATE_TEST_BINARY ?? fileURLToPath(new URL('../../../bin/orgate', import.meta.url)));
  if (!existsSync(file)) throw new Error(`${file} is missing: run make build`);
  return file;
}

/** Notes that a test makes an organisation: the report fails when tests of two files make the same, since they may share an installation. */
function noteOrganization(code) {
  test.info().annotations.push({ type: 'organization', description: code });
}

/** A listener by the name of a host: its address has the name only where the port is known before. */
async function listener(host) {
  if (host === '127.0.0.1') return `${host}:0`;
  const probe = net.createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return `${host}:${port}`;
}

/** `orgate demo` on free ports, and everything it announces; or a server that nobody has set up. */
export class Orgate {
  #process;
  #ended;
  #out = '';
  #log = '';
  #server;
  #name;

  /** With database 'postgres' everything is kept in a database of its own of the server that ORGATE_TEST_POSTGRES names. */
  static async start({ database = 'sqlite', host = '127.0.0.1' } = {}) {
    const o = await Orgate.#run(database, ['demo', '--listen', await listener(host), '--ops-listen', 'off', '--centre-listen', '127.0.0.1:0',
      '--application-listen', '127.0.0.1:0']);
    await o.#until('orgate demo serves', () => /orgate serves.* database=(\S+)/.exec(o.#log), startLimit);
    o.#read();
    return o;
  }

  /** `orgate serve` on an empty database, with the set-up address that it prints. */
  static async empty({ database = 'sqlite' } = {}) {
    const o = await Orgate.#run(database, ['serve', '--listen', '127.0.0.1:0', '--ops-listen', 'off']);
    await o.#until('orgate serves', () => /orgate serves/.exec(o.#log), startLimit);
    o.setUp = (await o.#until('a set-up address', () => /http:\S+\/setup\?code=\S+/.exec(o.#out + o.#log)))[0];
    o.address = new URL(o.setUp).origin;
    return o;
  }

  static async #run(database, args) {
    const o = new Orgate();
    o.folder = await mkdtemp(path.join(os.tmpdir(), 'orgate-browser-'));
    o.environment = { PATH: process.env.PATH, HOME: o.folder, TMPDIR: o.folder };
    if (database === 'postgres') await o.#inPostgres();
    o.#process = spawn(binary(), args, { cwd: o.folder, env: o.environment });
    o.#process.stdout.on('data', (part) => (o.#out += part));
    o.#process.stderr.on('data', (part) => (o.#log += part));
    o.#ended = new Promise((resolve) => o.#process.once('close', resolve));
    return o;
  }

  async #inPostgres() {
    this.#server = process.env.ORGATE_TEST_POSTGRES;
    if (!this.#server) throw new Error('ORGATE_TEST_POSTGRES is not set: run the tests by scripts/with-postgres.sh');
    this.#name = `orgate_browser_${randomBytes(6).toString('hex')}`;
    await this.#sql(`CREATE DATABASE ${this.#name} TEMPLATE template0 ENCODING 'UTF8'`);
    const address = new URL(this.#server);
    address.pathname = `/${this.#name}`;
    this.environment.ORGATE_DATABASE = address.href;
    this.environment.ORGATE_SEALING_KEY = randomBytes(32).toString('base64');
  }

  #sql(statement) {
    return run('psql', ['--no-psqlrc', '--quiet', '--dbname', this.#server, '--command', statement]);
  }

  /** What the announcement says: whatever a person would use stands there. */
  #read() {
    const find = (pattern) => {
      const found = pattern.exec(this.#out);
      if (!found) throw new Error(`the announcement does not say ${pattern}:\n${this.#out}`);
      return found[1];
    };
    this.address = find(/Orgate runs at (\S+)/);
    this.password = find(/^ {2}Password +(\S+)/m);
    this.centre = find(/Centre +(http:\S+): /);
    this.centrePassword = find(/at the centre: alice, (\S+)/);
    this.applications = find(/Applications +(http:\S+)\/ /);
    this.dragon = {
      id: find(/CloudDragon[^]*?App ID +(\S+)/), key: find(/CloudDragon[^]*?App key +(\S+)/),
      client: find(/client (\S+), secret/), secret: find(/client \S+, secret (\S+)/), request: JSON.parse(find(/^SSO='(.*)'$/m)),
    };
    // The log shows no more of a PostgreSQL address than where it leads.
    this.environment.ORGATE_DATABASE ??= /orgate serves.* database=(\S+)/.exec(this.#log)[1];
  }

  /** The text of the announcement. */
  get announcement() {
    return this.#out;
  }

  /** Waits for something in the log, where the demonstration writes its mails, and returns what matched. */
  async logged(pattern) {
    return this.#until(`the log says ${pattern}`, () => pattern.exec(this.#log));
  }

  /** Runs a command of the command line on the demonstration's database and returns what it prints. */
  async command(...args) {
    const { stdout } = await run(binary(), args, { cwd: this.folder, env: this.environment });
    return stdout;
  }

  /** A token of the management API. */
  async token() {
    this.bearer ??= /^\s*(\S{20,})\s*$/m.exec(await this.command('admin', 'token', 'create', '--name', 'browser-tests'))[1];
    return this.bearer;
  }

  /** Applies a manifest beside the running server. */
  async apply(manifest) {
    for (const [, code] of manifest.matchAll(/^ {2}- code: (\S+)/gm)) noteOrganization(code);
    const file = path.join(this.folder, 'more.yaml');
    await writeFile(file, manifest);
    await run(binary(), ['apply', '-f', file, '--server', this.address, '--token', await this.token()],
      { cwd: this.folder, env: this.environment });
  }

  /** Calls the management API and returns the answer's JSON. */
  async manage(method, at, body) {
    if (method === 'POST' && at === '/organizations') noteOrganization(body.code);
    const answer = await fetch(`${this.address}/api/v1${at}`, {
      method, body: body && JSON.stringify(body),
      headers: { Authorization: `Bearer ${await this.token()}`, 'Content-Type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  /** Calls the Meeting API and returns status and JSON. */
  async meeting(method, at, { body, token } = {}) {
    const answer = await fetch(`${this.address}${at}`, {
      method, body: body && JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en-US', ...(token && { 'X-Access-Token': token }) },
    });
    const text = await answer.text();
    return { status: answer.status, ...(text && JSON.parse(text)) };
  }

  /** Signs CloudDragon's administrator in by its App ID, without a user id, and returns the access token. */
  async administrator() {
    const { stdout } = await run(binary(), ['sign', '--app-id', this.dragon.id, '--app-key', this.dragon.key, '--json'],
      { cwd: this.folder, env: this.environment });
    const signed = JSON.parse(stdout);
    const answer = await fetch(`${this.address}/v2/usg/acs/auth/appauth`, {
      method: 'POST', body: JSON.stringify(signed.body),
      headers: { Authorization: signed.header, 'Content-Type': 'application/json; charset=UTF-8', 'X-Token-Type': 'LongTicket' },
    });
    return (await answer.json()).accessToken;
  }

  /** Configures CloudDragon's SSO by the Meeting API, beginning with the printed example. */
  async configure(changes = {}) {
    const body = { ...this.dragon.request, clientSecret: this.dragon.secret, ...changes };
    const answer = await this.meeting('POST', '/v1/usg/acs/authorizeconfig', { body, token: await this.administrator() });
    if (answer.status !== 200) throw new Error(`authorizeconfig: ${JSON.stringify(answer)}`);
  }

  /** Redeems a client's one-time code. */
  redeem(domain, code, clientType) {
    return this.meeting('POST', '/v1/usg/acs/auth/proxy',
      { body: { authServerType: 'oauth2', authType: 'AuthCode', clientType, domain, credential: code } });
  }

  /** Stops it; anything but a clean end is an error. */
  async stop() {
    this.#process.kill('SIGTERM');
    const killed = setTimeout(() => this.#process.kill('SIGKILL'), stopLimit);
    const status = await this.#ended;
    clearTimeout(killed);
    await rm(this.folder, { recursive: true, force: true });
    if (this.#name) await this.#sql(`DROP DATABASE ${this.#name} WITH (FORCE)`);
    if (status !== 0) throw new Error(`orgate ended with ${status}\n${this.#log.slice(-4000)}`);
  }

  async #until(what, look, limit = 15_000) {
    for (const end = Date.now() + limit; Date.now() < end; await pause(50)) {
      const seen = look();
      if (seen) return seen;
      if (this.#process.exitCode !== null) break;
    }
    throw new Error(`not seen in time: ${what}\n${this.#log.slice(-4000)}`);
  }
}
