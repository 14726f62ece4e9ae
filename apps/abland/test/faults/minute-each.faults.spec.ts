import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Gate, ProgramProcess } from '@abland/testing';
import { PostgresClient } from '@abland/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { createApiClient } from '../../src/demo/api-client.js';
import { expectAsRebuilt } from '../as-rebuilt.js';
import { seeded } from '../demo-under-test.js';
import { fill, hasSmallDisks, type SmallDisk, smallDisk } from '../small-disk.js';
import { MAIN, SECRETS, SystemUnderTest } from '../system-under-test.js';
import { type Ask, HANG_MS, isGood, Polls } from './polls.js';
import { type Row, tableOf, type Trouble, undergo } from './trial.js';

const run = promisify(execFile);
const HOLD_MS = 60_000;
const BACKENDS = 20;
const SERVERS = 3;
const DISK_MIB = 700;
const TRIAL_MS = 3_600_000;
const SHIFTED_CLOCK = new URL('../shifted-clock.mjs', import.meta.url).href;
const PERSONAL_DATA_KEY = Buffer.alloc(32, 1).toString('base64');
const deep = process.env['ABLAND_TEST_DEEP'] !== undefined;
const CONTRACTS = {
  TOKEN_FACTORY_ADDRESS: 'tokenFactory',
  LIQUIDITY_MANAGER_ADDRESS: 'liquidityManager',
  FORWARDER_ADDRESS: 'forwarder',
  CHECKPOINT_ADDRESS: 'checkpoint',
  GOVERNANCE_ADDRESS: 'governance',
  TIMELOCK_ADDRESS: 'timelock',
  GOVERNANCE_TOKEN_ADDRESS: 'governanceToken',
};
const CLOCK = ['GOVERNANCE_CLOCK', 'seconds'];
const SIGN_IN = 'mutation ($a: Address!) { requestSignIn(address: $a) { message } }';
const SIGNED = 'mutation ($m: String!, $s: HexData!) { signIn(message: $m, signature: $s) { token } }';
const CREATE = 'mutation ($i: CreateTokenInput!) { createToken(input: $i) { commandId } }';

(deep ? describe : describe.skip)('a system under every trouble there is, minute by minute', () => {
  let disk: SmallDisk | null = null;
  let system: SystemUnderTest;
  let behind: SystemUnderTest;
  let gate: Gate;
  let folder: string;
  let running: { readonly databaseUrl: string };
  const programs: ProgramProcess[] = [];
  const rows: Row[] = [];
  const random = seeded(11);
  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  const clock = (): string => join(folder, 'offset');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-faults-'));
    const env = { NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`, ABLAND_TEST_CLOCK: clock() };
    if (await hasSmallDisks()) disk = await smallDisk(DISK_MIB);
    system = await SystemUnderTest.create(env, disk === null ? undefined : join(disk.path, 'data'));
    await system.start();
    await abland('demo', '--run', 'before');
    running = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as typeof running;
    await standBy();
  });
  afterAll(async () => {
    process.stdout.write(`\n${tableOf(rows)}\n`);
    for (const program of programs) await program.end('SIGKILL');
    await behind?.remove();
    await gate?.close();
    await system?.remove();
    await disk?.remove();
    await rm(folder, { recursive: true });
  });

  /** The variables that name them, as the first start has deployed them: the API does not tell of all. */
  async function contracts(): Promise<Readonly<Record<string, string>>> {
    const journal = await readFile(join(system.dataDir, 'chain', 'chain.journal'), 'latin1');
    const [, told = '{}'] = /"contracts":(\{[^}]*\})/.exec(journal) ?? [];
    const named = JSON.parse(told) as Readonly<Record<string, string>>;
    return Object.fromEntries([
      ...Object.entries(CONTRACTS).map(([variable, name]) => [variable, named[name] ?? '']),
      CLOCK,
    ]);
  }

  /** Programs of their own beside it, as production has more than one of each. */
  async function standBy(): Promise<void> {
    const { _meta } = await createApiClient(system.apiUrl).query<{ _meta: { chainId: number } }>(
      '{ _meta { chainId } }',
    );
    const env = {
      ...SECRETS,
      ...{ PERSONAL_DATA_KEY, DATABASE_URL: running.databaseUrl, CHAIN_RPC_URLS: system.rpcUrl },
      // As the embedded chain's own, with every contract that is followed: whoever leads makes blocks final, and takes their facts.
      ...{ CHAIN_FINALITY_DEPTH: '5', CHAIN_ID: String(_meta.chainId), ...(await contracts()) },
    };
    for (const name of ['indexer', 'projector', 'worker'] as const)
      programs.push(await ProgramProcess.start(name, env));
  }

  const graphql =
    (apiUrl: string, query: string, variables: () => object, token?: string): Ask =>
    (signal) =>
      fetch(`${apiUrl}/graphql`, {
        ...{ method: 'POST', signal, body: JSON.stringify({ query, variables: variables() }) },
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      });

  async function asksOf(apiUrl: string): Promise<Readonly<Record<string, Ask>>> {
    const [wallet, api] = [Wallet.createRandom(), createApiClient(apiUrl)];
    const { requestSignIn } = await api.query<{ requestSignIn: { message: string } }>(SIGN_IN, {
      a: wallet.address,
    });
    const { message: m } = requestSignIn;
    const signed = await api.query<{ signIn: { token: string } }>(SIGNED, {
      m,
      s: await wallet.signMessage(m),
    });
    let asked = 0;
    const token = { name: 'Trial', symbol: 'TRI', supply: '1000' };
    const input = () => ({ i: { idempotencyKey: `trial-${(asked += 1)}`, ...token } });
    return {
      ready: (signal) => fetch(`${apiUrl}/ready`, { signal }),
      query: graphql(
        apiUrl,
        '{ tokens(first: 2) { edges { node { symbol } } } _meta { indexedBlock } }',
        () => ({}),
      ),
      mutation: graphql(apiUrl, CREATE, input, signed.signIn.token),
    };
  }

  function troubles(): readonly Trouble[] {
    const nothing = (): void => undefined;
    const stops = (['database', 'chain'] as const).map((part) => ({
      ...{ name: `${part}: SIGSTOP`, holdMs: HOLD_MS },
      begin: () => system.freeze(part),
      end: () => system.goOn(part),
    }));
    const backends = Array.from({ length: BACKENDS }, (_, index) => ({
      ...{ name: `a backend: SIGKILL ${index + 1}`, holdMs: 1_000, end: nothing },
      begin: () => system.killBackend(random),
    }));
    const servers = Array.from({ length: SERVERS }, (_, index) => ({
      ...{ name: `the database: SIGKILL ${index + 1}`, holdMs: 1_000, end: nothing },
      begin: () => system.kill('database'),
    }));
    const chain = {
      name: 'the chain: SIGKILL',
      holdMs: 5_000,
      begin: () => system.kill('chain'),
      end: nothing,
    };
    return [...stops, chain, ...backends, ...servers, fullDisk(), lockedTable(), ...clocks()].flatMap(
      (one) => one ?? [],
    );
  }

  function fullDisk(): Trouble | null {
    if (disk === null) return null;
    const ballast = join(disk.path, 'ballast');
    return { name: 'disk full', holdMs: HOLD_MS, begin: () => fill(ballast), end: () => rm(ballast) };
  }

  function lockedTable(): Trouble {
    const client = new PostgresClient({ connectionString: running.databaseUrl, application_name: 'lock' });
    return {
      name: 'a table locked',
      holdMs: HOLD_MS / 3,
      begin: async () => {
        await client.connect();
        await client.query('BEGIN');
        await client.query('LOCK TABLE read_model.tokens IN ACCESS EXCLUSIVE MODE');
      },
      end: async () => {
        await client.query('ROLLBACK');
        await client.end();
      },
    };
  }

  const clocks = (): readonly Trouble[] =>
    [-60_000, -3_600_000].map((offsetMs) => ({
      ...{ name: `clock set back by ${-offsetMs / 60_000} min`, holdMs: HOLD_MS / 2 },
      begin: () => writeFile(clock(), String(offsetMs)),
      end: () => writeFile(clock(), '0'),
    }));

  async function expectNoHang(polls: Polls): Promise<void> {
    await polls.stop();
    expect(polls.samples.filter(({ status }) => status === 'HANG')).toEqual([]);
    expect(Math.max(...polls.samples.map(({ at, end }) => end - at))).toBeLessThan(HANG_MS);
  }

  it(
    'never hangs, says that it is not ready, and is well again afterwards',
    async () => {
      const beside = ['indexer', 'projector', 'worker'].map((name, index): [string, Ask] => [
        `ready ${name}`,
        (signal) => fetch(`${programs[index]?.url}/ready`, { signal }),
      ]);
      const polls = new Polls({ ...(await asksOf(system.apiUrl)), ...Object.fromEntries(beside) });
      for (const trouble of troubles()) rows.push(...(await undergo(polls, trouble)));
      await expectNoHang(polls);
      const silent = rows.filter(
        ({ asked, badAfter, trouble }) =>
          / SIGSTOP|disk/.test(trouble) && asked === 'ready' && badAfter === null,
      );
      expect(silent).toEqual([]);
      expect(await abland('demo', '--run', 'after')).toMatch(/ {2}equal\n/);
      await expectAsRebuilt(system, abland);
    },
    TRIAL_MS,
  );

  it(
    'goes on over new connections where those that it has say nothing any more',
    async () => {
      const url = new URL(running.databaseUrl);
      const admin = new PostgresClient({ connectionString: url.href, application_name: 'trial' });
      await admin.connect();
      await admin.query('CREATE DATABASE behind_a_gate');
      await admin.end();
      url.pathname = '/behind_a_gate';
      gate = await Gate.inFrontOf(url.href);
      behind = await SystemUnderTest.create({ ...SECRETS, PERSONAL_DATA_KEY, DATABASE_URL: gate.url });
      await behind.start();
      const polls = new Polls(await asksOf(behind.apiUrl));
      const deafen = (): void => gate.deafen({ alsoNew: false });
      rows.push(
        ...(await undergo(polls, {
          name: 'sockets half open',
          holdMs: 1_000,
          begin: deafen,
          end: () => undefined,
        })),
      );
      await expectNoHang(polls);
      expect(await behind.stop('SIGTERM')).toBe(0);
    },
    TRIAL_MS,
  );

  it(
    'is not felt by who is there where it is started again on the same ports or data, and refused in a line',
    async () => {
      const { apiPort, chainPort, dataDir } = system;
      const polls = new Polls(await asksOf(system.apiUrl));
      await polls.untilGood(TRIAL_MS);
      const taken = {
        [`Port ${apiPort} `]: { PORT: `${apiPort}` },
        [`Port ${chainPort} `]: { CHAIN_PORT: `${chainPort}` },
      };
      for (const [told, env] of Object.entries(taken)) {
        const second = await SystemUnderTest.create(env);
        await expect(second.start()).rejects.toThrow(told);
        expect(second.output).toMatch(/^abland: .* \(PORT_IN_USE\)$/m);
        await second.remove();
      }
      const beside = await SystemUnderTest.create({}, dataDir);
      await expect(beside.start()).rejects.toThrow('(DATA_IN_USE)');
      await expectNoHang(polls);
      expect(polls.samples.filter((one) => !isGood(one))).toEqual([]);
    },
    TRIAL_MS,
  );

  it(
    'ends in order, and has all that it had at the next start',
    async () => {
      expect(await system.stop('SIGTERM')).toBe(0);
      expect(system.output).not.toContain('did not stop');
      await system.start();
      expect(await abland('demo', '--run', 'before', '--no-final')).toMatch(/ {2}equal\n/);
    },
    TRIAL_MS,
  );
});
