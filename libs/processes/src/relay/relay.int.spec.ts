import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RelaySender, RetiredSender, type SendingProvider } from '@abland/chain';
import { relayerStream, requestStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { Wallet } from 'ethers';
import pg from 'pg';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { Mortality } from './mortal.fixture.js';
import { OutgrowingProvider } from './outgrowing-provider.fixture.js';
import { relayProcess } from './relay-process.js';
import { Senders } from './senders.js';
import { RelayingChain, requestRelayedToken, typesOf } from './relaying.fixture.js';

const ASKED = ['TokenCreationRequested', 'RelayRequested', 'RelayAuthorized'];
const SENT = [...ASKED, 'RequestSubmitted'];
const PROVIDER_CALLS = [
  'broadcastTransaction',
  'call',
  'estimateGas',
  'getBalance',
  'getBlock',
  'getFeeData',
  'getTransactionCount',
  'isKnown',
  'isMined',
] as const;

describe('relaying', () => {
  let relaying: RelayingChain;
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: MemoryEventStore;
  let relayer: Wallet;
  let now: () => number;
  const running: RunningProcess[] = [];

  beforeAll(async () => {
    relaying = await RelayingChain.start();
    database = await createTestDatabase();
    pool = openPool();
    await migrateProcesses(pool);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await relaying.stop();
  });
  beforeEach(async () => {
    now = Date.now;
    await renew();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
  });

  const maxFeePerGas = 10n ** 12n;

  const openPool = (): pg.Pool => {
    const opened = new pg.Pool({ connectionString: database.url });
    opened.on('error', () => undefined);
    return opened;
  };

  const renew = async (): Promise<void> => {
    await pool.query('TRUNCATE processes.relays, processes.relayers, processes.checkpoints');
    store = new MemoryEventStore();
    relayer = await relaying.relayer();
  };

  interface Outside {
    readonly store: EventStore;
    readonly provider: SendingProvider;
    readonly pool: pg.Pool;
  }

  const start = (change: Partial<Outside> = {}, rebroadcastIntervalMs?: number): RunningProcess => {
    const outside: Outside = { store, provider: relaying.provider, pool, ...change };
    const clock = (): number => now();
    const common = { ...outside, clock, logger: silentLogger };
    const { chainId } = relaying.chain;
    const forwarder = relaying.contract('forwarder');
    const sender = new RelaySender({
      ...common,
      wallet: relayer,
      chainId,
      forwarder,
      maxFeePerGas,
      gasMax: 6_000_000n,
    });
    const retired = (account: string) => new RetiredSender({ ...common, relayer: account, chainId });
    const interval = rebroadcastIntervalMs === undefined ? {} : { rebroadcastIntervalMs };
    const senders = new Senders({ ...common, ...interval, senders: [sender], retired, chainId });
    const process = relayProcess({ ...common, chainId, senders, pollIntervalMs: 20 });
    const started = startProcess({ ...common, process, standbyIntervalMs: 20 });
    running.push(started);
    return started;
  };

  const waiting = async (): Promise<number> =>
    (await pool.query('SELECT FROM processes.relays')).rowCount ?? 0;
  const recordedCount = async (): Promise<number> =>
    (await typesOf(store, relayerStream(relaying.chain.chainId, relayer.address))).length;

  it('sends a signed request in one transaction and tells it', async () => {
    start();
    const { commandId } = await requestRelayedToken(store, relaying);
    await eventually(async () => expect(await typesOf(store, requestStream(commandId))).toEqual(SENT));
    expect(await recordedCount()).toBe(1);
    expect(await relaying.minedBy(relayer.address)).toBe(1);
  });

  it('sends the requests of many users with gapless nonces', async () => {
    start();
    const tokens = await Promise.all(Array.from({ length: 12 }, () => requestRelayedToken(store, relaying)));
    await eventually(async () => {
      for (const { commandId } of tokens)
        expect(await typesOf(store, requestStream(commandId))).toEqual(SENT);
    });
    expect(await recordedCount()).toBe(12);
    expect(await relaying.minedBy(relayer.address)).toBe(12);
  });

  it.each([
    ['of which the contract says no', { name: '' }, /^InvalidName/],
    ['signed by another', { signedBy: Wallet.createRandom() }, /does not accept/],
  ])('refuses a request %s, and sends nothing', async (_what, options, reason) => {
    start();
    const { commandId } = await requestRelayedToken(store, relaying, options);
    const stream = requestStream(commandId);
    await eventually(async () => expect(await typesOf(store, stream)).toContain('RequestFailed'));
    for await (const page of store.readStream(stream)) {
      expect(page.at(-1)?.data).toMatchObject({
        code: 'REFUSED_BY_SIMULATION',
        reason: expect.stringMatching(reason),
      });
    }
    expect(await recordedCount()).toBe(0);
    expect(await relaying.minedBy(relayer.address)).toBe(0);
  });

  it('keeps a request until the one before it was sent', async () => {
    start();
    const second = await requestRelayedToken(store, relaying, { nonce: 1 });
    const stream = requestStream(second.commandId);
    await eventually(async () => expect(await typesOf(store, stream)).toContain('RelayAttemptFailed'));
    await requestRelayedToken(store, relaying, { user: second.user, nonce: 0 });
    await eventually(async () => expect((await typesOf(store, stream)).at(-1)).toBe('RequestSubmitted'));
  });

  it('sends one of two signed requests of one nonce, and pays for no other', async () => {
    start();
    const first = await requestRelayedToken(store, relaying);
    const second = await requestRelayedToken(store, relaying, { user: first.user });
    const streams = [first, second].map(({ commandId }) => requestStream(commandId));
    await eventually(async () => {
      const [sent, waiting] = (await Promise.all(streams.map((stream) => typesOf(store, stream)))).sort(
        (one, other) => Number(other.includes('RequestSubmitted')) - Number(one.includes('RequestSubmitted')),
      );
      expect(sent).toEqual(SENT);
      expect(waiting?.filter((type) => type === 'RelayAttemptFailed').length).toBeGreaterThan(1);
    });
    expect(await recordedCount()).toBe(1);
    expect(await relaying.minedBy(relayer.address)).toBe(1);
    expect(await relaying.tokensOf(first.user.address)).toBe(1);
  });

  it('tries again with growing pauses while the provider is out of reach, and gives up at the deadline', async () => {
    const unreachable = new Mortality(1, 'before');
    const provider = unreachable.count(relaying.provider as SendingProvider, ['estimateGas']);
    const requestedAt = Date.now();
    let offset = 0;
    now = () => requestedAt + offset;
    start({ provider });
    const { commandId } = await requestRelayedToken(store, relaying, { now: requestedAt });
    const attempts = async (): Promise<readonly { retryAt: string }[]> => {
      const failed = [];
      for await (const page of store.readStream(requestStream(commandId))) {
        failed.push(...page.filter(({ type }) => type === 'RelayAttemptFailed').map(({ data }) => data));
      }
      return failed as unknown as { retryAt: string }[];
    };
    const pauses: number[] = [];
    for (let count = 1; count <= 4; count += 1) {
      await eventually(async () => expect(await attempts()).toHaveLength(count));
      const retryAt = Date.parse((await attempts())[count - 1]?.retryAt ?? '');
      pauses.push(retryAt - now());
      offset = retryAt - requestedAt;
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    offset = 601_000;
    const stream = requestStream(commandId);
    await eventually(async () => expect((await typesOf(store, stream)).at(-1)).toBe('RequestExpired'));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(await recordedCount()).toBe(0);
  });

  it('begins with an account where that stands on the chain', async () => {
    await relaying.sendFrom(relayer);
    start();
    const { commandId } = await requestRelayedToken(store, relaying);
    await eventually(async () => expect(await typesOf(store, requestStream(commandId))).toEqual(SENT));
    expect(await relaying.minedBy(relayer.address)).toBe(2);
  });

  it('says that something else sends from its account', async () => {
    const process = start();
    const { commandId } = await requestRelayedToken(store, relaying);
    await eventually(async () => expect(await typesOf(store, requestStream(commandId))).toEqual(SENT));
    await process.stop();
    await relaying.sendFrom(relayer);
    const { chainId } = relaying.chain;
    const options = {
      store,
      provider: relaying.provider,
      wallet: relayer,
      chainId,
      maxFeePerGas,
      gasMax: 6_000_000n,
    };
    const sender = new RelaySender({
      ...options,
      forwarder: relaying.contract('forwarder'),
      clock: Date.now,
      logger: silentLogger,
    });
    await expect(sender.open()).rejects.toMatchObject({ code: 'RELAYER_NONCE_MISMATCH' });
  });

  it('broadcasts what the chain lost once more, with the same hash', async () => {
    const snapshot: unknown = await relaying.provider.send('evm_snapshot', []);
    const first = start();
    const { commandId } = await requestRelayedToken(store, relaying);
    await eventually(async () => expect(await typesOf(store, requestStream(commandId))).toEqual(SENT));
    await first.stop();
    await relaying.provider.send('evm_revert', [snapshot]);
    expect(await relaying.minedBy(relayer.address)).toBe(0);
    start();
    await eventually(async () => expect(await relaying.minedBy(relayer.address)).toBe(1));
    expect(await recordedCount()).toBe(1);
  });

  it('replaces one whose fee the chain has outgrown, and the request is carried out once', async () => {
    // It waits for as long as the test says, however long the test takes.
    const [begun, offset] = [Date.now(), { ms: 0 }];
    now = () => begun + offset.ms;
    const outgrowing = new OutgrowingProvider(relaying.provider);
    start({ provider: outgrowing.provider() }, 50);
    const { commandId, user } = await requestRelayedToken(store, relaying);
    await eventually(async () => expect(await typesOf(store, requestStream(commandId))).toEqual(SENT));
    await eventually(() => expect(outgrowing.looks).toBeGreaterThan(2));
    expect(await relaying.minedBy(relayer.address)).toBe(0);
    expect(await recordedCount()).toBe(1);
    offset.ms = 15_000;
    await eventually(async () => expect(await relaying.minedBy(relayer.address)).toBe(1));
    expect(await recordedCount()).toBe(2);
    expect(await relaying.tokensOf(user.address)).toBe(1);
    expect(await typesOf(store, requestStream(commandId))).toEqual(SENT);
  });

  /** Lets an instance die at a step, another one take over, and says whether there was such a step. */
  async function dieAt(step: number, when: 'before' | 'after'): Promise<boolean> {
    const ownPool = openPool();
    let killed = Promise.resolve();
    const mortality = new Mortality(step, when, () => {
      killed = pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`).then(() => undefined);
    });
    const first = start({
      store: mortality.count<EventStore>(store, ['append']),
      provider: mortality.count<SendingProvider>(relaying.provider, PROVIDER_CALLS),
      pool: mortality.bury(ownPool, ['connect', 'query']),
    });
    const { commandId, user } = await requestRelayedToken(store, relaying);
    const stream = requestStream(commandId);
    await eventually(async () => {
      if (!mortality.dead) expect(await typesOf(store, stream)).toEqual(SENT);
    });
    await killed;
    await first.stop();
    await ownPool.end();
    const second = start();
    await eventually(async () => {
      expect(await typesOf(store, stream)).toEqual(SENT);
      expect((await second.status()).live).toBe(true);
      expect(await waiting()).toBe(0);
    });
    await second.stop();
    expect(await recordedCount()).toBe(1);
    expect(await relaying.minedBy(relayer.address)).toBe(1);
    expect(await relaying.tokensOf(user.address)).toBe(1);
    return mortality.dead;
  }

  it.each(['before', 'after'] as const)(
    'never sends twice and always ends, killed %s any of its steps',
    async (when) => {
      let step = 1;
      while (await dieAt(step, when)) {
        step += 1;
        await renew();
      }
      expect(step).toBeGreaterThan(7);
    },
  );
});
