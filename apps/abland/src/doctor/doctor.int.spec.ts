import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import { loadDeploymentConfig } from '@abland/platform';
import { freePort } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Check, examine, type Finding } from './check.js';
import { checksOf } from './checks.js';
import { checksOfDatabase } from './database-checks.js';

const MAIN = fileURLToPath(new URL('../../../../dist/abland.js', import.meta.url));
const NOBODY = `0x${'9'.repeat(40)}`;

describe('the doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'abland-doctor-'));
  const silent: Server = createServer(() => undefined);
  let silentPort = 0;
  /** With what it has for defaults: that of other tests does without what survives a crash. */
  let database: RunningPostgres;
  let chain: ForkedChain;
  let env: Record<string, string> = {};

  beforeAll(async () => {
    chmodSync(folder, 0o755); // else its data goes elsewhere, where the server's account can reach it
    database = await startPostgres({ dataDir: join(folder, 'postgres'), database: 'abland' });
    chain = await forkEmbeddedChain({ dataDir: join(folder, 'chain'), port: 0, finalityDepth: 5 });
    silentPort = await freePort();
    await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', resolve));
    env = {
      PATH: process.env['PATH'] ?? '',
      ABLAND_DATA_DIR: folder,
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chain.rpcUrl,
      CHAIN_ID: String(chain.chainId),
      TOKEN_FACTORY_ADDRESS: chain.contracts.tokenFactory,
      LIQUIDITY_MANAGER_ADDRESS: chain.contracts.liquidityManager,
    };
  }, 120_000);
  afterAll(async () => {
    silent.close();
    await chain.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (more: Readonly<Record<string, string>> = {}) => ({ ...env, ...more });
  async function wrongWith(more: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
    const findings = await examine(checksOf(loadDeploymentConfig(settings(more))));
    expect(JSON.stringify(findings)).not.toContain('hidden-word');
    return findings.filter(({ ok }) => !ok);
  }
  const doctor = (more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [MAIN, 'doctor', ...args], { env: settings(more) });

  it('finds nothing wrong with a deployment that would work, and changes nothing of it', async () => {
    const { stdout } = await doctor({ DATABASE_READ_URL: database.url }, '--json');
    const findings = JSON.parse(stdout) as readonly Finding[];
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ what }) => what.replace(/127\.0\.0\.1:\d+|localhost:\d+/, 'host'))).toEqual([
      'DATABASE_URL: connection',
      'DATABASE_URL: version',
      'DATABASE_URL: clock',
      'DATABASE_URL: permission',
      'DATABASE_URL: durability',
      'DATABASE_READ_URL: connection',
      'DATABASE_READ_URL: version',
      'DATABASE_READ_URL: clock',
      'DATABASE_READ_URL: replication',
      `chain ${chain.chainId}: provider 1, host`,
      `chain ${chain.chainId}: contracts`,
      'disk',
    ]);
  });

  it.each([
    {
      case: 'a password that is wrong',
      more: () => ({ DATABASE_URL: database.url.replace(/\/\/[^@]*@/, '//nobody:hidden-word@') }),
      what: 'DATABASE_URL: connection',
      advice: /mend user, password or database/,
    },
    {
      case: 'a database that is away',
      more: () => ({ DATABASE_URL: `postgres://abland:hidden-word@127.0.0.1:1/abland` }),
      what: 'DATABASE_URL: connection',
      advice: /start the server/,
    },
    {
      case: 'more connections than there are',
      more: () => ({ DATABASE_POOL_MAX: '9999' }),
      what: 'DATABASE_URL: connection',
      advice: /lower DATABASE_POOL_MAX/,
    },
    {
      case: 'another chain',
      more: () => ({ CHAIN_ID: '7' }),
      what: /^chain 7: provider 1/,
      advice: /of one chain/,
    },
    {
      case: 'a provider that is away',
      more: () => ({ CHAIN_RPC_URLS: 'http://127.0.0.1:1/hidden-word' }),
      what: /provider 1, 127\.0\.0\.1:1$/,
      advice: /start the node/,
    },
    {
      case: 'an address without a contract',
      more: () => ({ TOKEN_FACTORY_ADDRESS: NOBODY }),
      what: /: contracts$/,
      advice: /contracts deploy/,
    },
    {
      case: 'brokers that are away',
      more: () => ({ KAFKA_BROKERS: '127.0.0.1:1' }),
      what: /^KAFKA_BROKERS: topic abland\.chain-/,
      advice: /start the brokers/,
    },
    {
      case: 'a Redis that is away',
      more: () => ({ REDIS_URL: 'redis://:hidden-word@127.0.0.1:1' }),
      what: 'REDIS_URL: connection',
      advice: /see that it runs/,
    },
    {
      case: 'an EventStoreDB that is away',
      more: () => ({
        EVENT_STORE: 'eventstoredb',
        EVENTSTORE_URL: 'esdb://admin:hidden-word@127.0.0.1:1?tls=false',
      }),
      what: 'EVENTSTORE_URL: connection',
      advice: /./,
    },
    {
      case: 'a Redis that says nothing',
      more: () => ({ REDIS_URL: `redis://:hidden-word@127.0.0.1:${silentPort}` }),
      what: 'REDIS_URL: connection',
      advice: /see that/,
    },
  ])('says what to do about $case, and no secret', async ({ advice, more, what }) => {
    expect(await wrongWith(more())).toContainEqual({
      what: typeof what === 'string' ? what : expect.stringMatching(what),
      ok: false,
      found: expect.stringMatching(/./),
      advice: expect.stringMatching(advice),
    });
  });

  it('tells a role that may make nothing to be given that', async () => {
    const role = `doctor_${process.pid}`;
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'hidden-word'`);
    try {
      const url = database.url.replace(/\/\/[^@]*@/, `//${role}:hidden-word@`);
      expect(await wrongWith({ DATABASE_URL: url })).toEqual([
        {
          ...{ what: 'DATABASE_URL: permission', ok: false, found: `${role} may make no schema` },
          advice: expect.stringContaining('GRANT CREATE'),
        },
      ]);
    } finally {
      await owner.query(`DROP ROLE ${role}`);
      await owner.end();
    }
  });

  it('tells a database that may lose what it said it kept', async () => {
    const unsafe = new URL(database.url);
    unsafe.searchParams.set('options', '-c synchronous_commit=off');
    const checks = checksOfDatabase({ variable: 'X', url: unsafe.href, isReadOnly: false, connections: 1 });
    const wrong = (await examine(checks)).filter(({ ok }) => !ok);
    expect(wrong.map(({ advice, what }) => [what, advice])).toEqual([
      ['X: durability', 'set synchronous_commit = on'],
    ]);
  });

  it('waits for nobody longer than it says, and asks the others meanwhile', async () => {
    const never: Check = { what: 'never', ask: () => new Promise(() => undefined) };
    const well: Check = { what: 'well', ask: () => Promise.resolve('well') };
    expect(await examine([never, well], 50)).toEqual([
      { what: 'never', ok: false, found: expect.any(String), advice: expect.stringContaining('firewall') },
      { what: 'well', ok: true, found: 'well', advice: null },
    ]);
  });

  it('says in lines what is well and what is wrong', async () => {
    await expect(doctor({ CHAIN_ID: '7' })).rejects.toMatchObject({
      ...{ code: 1, stderr: '' },
      stdout: expect.stringMatching(
        /^ok {4}DATABASE_URL: version: PostgreSQL .*\n(?:.*\n)*WRONG chain 7: .* → let the provider/m,
      ),
    });
  });
});
