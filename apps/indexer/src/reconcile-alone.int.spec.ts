import { setTimeout as sleep } from 'node:timers/promises';
import { startIngester } from '@abland/chain';
import { type AnyEvent, reconciliationStream, type Transfer } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import {
  type EventBatch,
  type EventStore,
  type RecordedEvent,
  type Running,
  silentLogger as logger,
} from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { migrateLeases } from '@abland/postgres';
import { migrateProjections, startProjections } from '@abland/projections';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import {
  CALL_FAULTS,
  SIMULATED_CONTRACTS,
  SimulatedChain,
  type SimulatedFact,
  SimulatedProvider,
} from '@abland/testing/simulated-chain';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import pg from 'pg';
import { Registry } from 'prom-client';
import { type AloneReconciler, reconcileAlone } from './reconcile-alone.js';
import { addReconciliationMetrics } from './reconciliation-metrics.js';
import { startIndexer } from './start-indexer.js';

const CHAIN_ID = 90_002;
const REORG_DEPTH_MAX = 5;
const PROVIDERS = 2;
const SEEDS = process.env['ABLAND_TEST_DEEP'] === undefined ? [7] : [7, 8, 9];
/** By its blocks' times the simulated chain is some years old. */
const JOURNAL_KEPT_MS = 100 * 365 * 24 * 3_600_000;

/** A log of which the read models read one transfer as one of a unit less. */
function withOneLess(log: EventStore, isIt: (event: RecordedEvent) => boolean): EventStore {
  const read = (event: RecordedEvent): RecordedEvent => {
    if (!isIt(event)) return event;
    const { data } = event as RecordedEvent<Transfer>;
    return { ...event, data: { ...data, amount: String(BigInt(data.amount) - 1n) } };
  };
  const ofBatch = (batch: EventBatch): EventBatch => ({ ...batch, events: batch.events.map(read) });
  return {
    ...{ append: log.append.bind(log), readStream: log.readStream.bind(log), head: log.head.bind(log) },
    ...{ readAll: log.readAll.bind(log), close: log.close.bind(log) },
    async *subscribeToAll(options) {
      for await (const batch of log.subscribeToAll(options)) yield ofBatch(batch);
    },
  };
}

describe('the comparing of read models with a chain', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let log: EventStore;
  let chain: SimulatedChain;
  let providers: SimulatedProvider[];
  let reconciler: AloneReconciler;
  let random: SeededRandom;
  const running: Running[] = [];
  /** The transfer that the read models get wrong. */
  let falsified: Pick<SimulatedFact, 'txHash' | 'logIndex'> | null;
  let compare: () => void;

  async function start(seed: number): Promise<void> {
    await follow(seed);
    compare();
  }

  /** All but the comparing. */
  async function follow(seed: number): Promise<void> {
    random = new SeededRandom(seed);
    chain = new SimulatedChain(new SeededRandom(seed + 1), {
      ...{ chainId: CHAIN_ID, transactionsMax: 6, strangers: true },
    });
    chain.mine(5);
    providers = [];
    for (let index = 0; index < PROVIDERS; index += 1)
      providers.push(await SimulatedProvider.start(chain, new SeededRandom(index)));
    const checksummed = (address: string | null) => (address === null ? null : getAddress(address));
    const contracts = {
      ...{ tokenFactory: getAddress(SIMULATED_CONTRACTS.tokenFactory), checkpoint: null, governance: null },
      liquidityManager: getAddress(SIMULATED_CONTRACTS.liquidityManager),
      forwarder: checksummed(SIMULATED_CONTRACTS.forwarder),
    };
    const source = { rpcUrls: providers.map(({ url }) => url), chainId: CHAIN_ID, startBlock: 0, contracts };
    const logStream = new MemoryLogStream();
    const followed = { ...source, finalityDepth: 8 };
    falsified = null;
    const read = withOneLess(log, ({ metadata: { chain: place } }) => {
      if (falsified === null) return false;
      return falsified.txHash === place?.txHash && falsified.logIndex === place.logIndex;
    });
    running.push(
      startIndexer({ epoch: 1n, chain: followed, logger, logStream, pollIntervalMs: 20 }),
      startIngester({ ...source, eventStore: log, logger, logStream }),
      startProjections({
        ...{ store: read, pool, logger, clock: Date.now, batchSize: 7 },
        journalKeptMs: JOURNAL_KEPT_MS,
      }),
    );
    const openLog = () =>
      Promise.resolve(Object.assign(Object.create(log), { close: async () => undefined }));
    compare = () => {
      reconciler = reconcileAlone({ chain: followed, callsPerMinute: 120_000, openLog, pool, logger });
      running.push(reconciler);
    };
  }

  /** People trade, and blocks are taken back; providers fail at what is asked of contracts, where they may. */
  async function live(acts: number, faults = CALL_FAULTS): Promise<void> {
    for (let act = 0; act < acts; act += 1) {
      const drawn = random.below(10);
      if (drawn < 6) chain.mine(1 + random.below(2));
      else if (drawn < 8) chain.reorganize(1 + random.below(REORG_DEPTH_MAX));
      else if (faults.length > 0)
        random.pick(providers).fault = random.chance(0.5) ? null : random.pick(faults);
      for (const provider of providers) provider.push();
      await sleep(10 + random.below(40));
    }
    for (const provider of providers) provider.fault = null;
  }

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 8 });
    pool.on('error', () => undefined);
    await migrateLeases(pool);
    await migrateProjections(pool);
    log = new MemoryEventStore();
  });
  afterEach(async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
    for (const provider of providers) await provider.stop();
    await pool.end();
    await database.drop();
  });

  async function told(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of log.readStream(reconciliationStream(CHAIN_ID))) events.push(...page);
    return events;
  }
  const ofType = async <Type extends AnyEvent['type']>(type: Type) =>
    (await told())
      .filter((event) => event.type === type)
      .map(({ data }) => data as Extract<AnyEvent, { type: Type }>['data']);

  it.each([1, 2, 3])(
    'raises no false alarm while people trade, blocks are taken back and providers fail (seed %i)',
    async (seed) => {
      await start(seed);
      await live(80);
      const compared = reconciler.reconciled()?.compared ?? 0;
      await eventually(async () => expect(reconciler.reconciled()?.compared).toBeGreaterThan(compared + 200));
      expect(reconciler.reconciled()).toMatchObject({ open: 0, disputed: 0 });
      expect(await told()).toEqual([]);
    },
  );

  it.each(SEEDS)(
    'tells the block with which read models went wrong, long ago, while people trade and blocks are taken back (seed %i)',
    async (seed) => {
      await follow(seed);
      await live(10);
      // Whoever holds what is never paid out whole: no balance of the read models falls below zero for it.
      const isDeposit = ({ data, type }: SimulatedFact): boolean =>
        type === 'Transfer' && String(data['to']).toLowerCase() === SIMULATED_CONTRACTS.liquidityManager;
      while (!chain.head.facts.some(isDeposit)) chain.mine();
      const { facts, number: first } = chain.head;
      falsified = facts.find(isDeposit) ?? null;
      chain.mine(REORG_DEPTH_MAX);
      await live(40);
      const heads = 'SELECT number FROM read_model.chain_heads';
      const reached = async () => Number((await pool.query<{ number: string }>(heads)).rows[0]?.number ?? 0);
      await eventually(async () => expect(await reached()).toBeGreaterThan(first + REORG_DEPTH_MAX));
      compare();
      await live(20, []);
      await eventually(async () => expect(await ofType('DriftFound')).not.toEqual([]));
      for (const drift of await ofType('DriftFound')) {
        expect(drift).toMatchObject({ kind: 'BALANCE', firstBlock: first, firstBlockExact: true });
        expect(drift.blockNumber).toBeGreaterThan(first + REORG_DEPTH_MAX);
      }
    },
  );

  it('finds a falsified row among all that goes on, tells it in metrics, and that it is healed', async () => {
    await start(4);
    while (chain.head.state.pools.size < 2) chain.mine();
    const registry = new Registry();
    addReconciliationMetrics(registry, () => [reconciler.reconciled()].flatMap((one) => one ?? []));
    await eventually(() => expect(reconciler.reconciled()?.block).toBe(chain.head.number));
    await eventually(() => expect(reconciler.reconciled()?.compared).toBeGreaterThan(10));
    const falsify = `UPDATE read_model.holdings h SET balance = balance + 1 FROM (
      SELECT token, holder FROM read_model.holdings ORDER BY updated_block, token, holder LIMIT 1
    ) f WHERE (h.token, h.holder) = (f.token, f.holder) RETURNING h.token, h.holder`;
    const { rows } = await pool.query<{ token: string; holder: string }>(falsify);
    await eventually(async () =>
      expect(await ofType('DriftFound')).toEqual([
        expect.objectContaining({ kind: 'BALANCE', contract: rows[0]?.token, account: rows[0]?.holder }),
      ]),
    );
    const gauge = `abland_reconciliation_drift{chain="${CHAIN_ID}"}`;
    await eventually(async () => expect(await registry.metrics()).toContain(`${gauge} 1`));
    chain.mine(2);
    await pool.query(
      'UPDATE read_model.holdings SET balance = balance - 1 WHERE token = $1 AND holder = $2',
      [rows[0]?.token, rows[0]?.holder],
    );
    await eventually(async () => expect(await ofType('DriftEnded')).toHaveLength(1));
    expect(await ofType('DriftFound')).toHaveLength(1);
    await eventually(async () => expect(await registry.metrics()).toContain(`${gauge} 0`));
  });

  it('says that it may have begun earlier where providers have forgotten older states', async () => {
    await start(5);
    while (chain.head.state.pools.size < 1) chain.mine();
    chain.mine(6);
    const { number } = chain.head;
    for (const provider of providers) {
      provider.fault = {
        name: 'only the newest states',
        refusal: ({ method, params }) => {
          const at = (params[1] as { blockHash?: string } | undefined)?.blockHash;
          const block = chain.blocks.find(({ hash }) => hash === at);
          const isOld = method === 'eth_call' && block !== undefined && block.number < number - 2;
          return isOld ? { code: -32000, message: 'missing trie node 56e8 (path )' } : null;
        },
      };
    }
    await eventually(async () => expect(reconciler.reconciled()?.block).toBe(number));
    const settings = `UPDATE read_model.contract_settings SET protocol_fee = protocol_fee + 1`;
    await pool.query(settings);
    await eventually(async () =>
      expect(await ofType('DriftFound')).toEqual([
        expect.objectContaining({ kind: 'SETTINGS', firstBlock: number - 2, firstBlockExact: false }),
      ]),
    );
  });
});
