import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChainRpc,
  type OurSide,
  type ReconcilerOptions,
  startIngester,
  startReconciler,
} from '@abland/chain';
import { readArtifact } from '@abland/contracts';
import { type DriftEnded, type DriftFound, reconciliationStream } from '@abland/domain';
import { developmentAccounts, type ForkedChain, forkEmbeddedChain } from '@abland/embedded/chain';
import { MemoryEventStore } from '@abland/event-store';
import { startIndexer } from '@abland/indexer';
import { type DomainEvent, type Logger, type Running, silentLogger as logger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import {
  chainHead,
  createReadModel,
  migrateProjections,
  openDriftCount,
  ourValuesAfter,
  type ReadModel,
  reconciliationProgress,
  startProjections,
  withOurState,
  writeReconciliationProgress,
} from '@abland/projections';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseContract, Contract, JsonRpcProvider, Wallet } from 'ethers';
import pg from 'pg';

const CHAIN_ID = 31337;
const FINALITY_DEPTH = 5;
const FAR_FUTURE = 4_000_000_000n;
const UNIT = 10n ** 18n;

describe('read models beside a real chain', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let provider: JsonRpcProvider;
  let database: TestDatabase;
  let pool: pg.Pool;
  let db: ReadModel;
  let ada: Wallet;
  let nonce = 0;
  let manager: Contract;
  let poolId: string;
  let tokenA: string;
  const eventStore = new MemoryEventStore();
  const running: Running[] = [];
  const reconciling: Running[] = [];

  const at = (name: Parameters<typeof readArtifact>[0], address: string): Contract =>
    new Contract(address, readArtifact(name).abi, provider);

  async function call(contract: BaseContract, method: string, ...args: unknown[]): Promise<number> {
    const fn = (contract.connect(ada) as Contract).getFunction(method);
    const sent = await fn.send(...args, { nonce: nonce++, gasLimit: 6_000_000n });
    const receipt = await provider.getTransactionReceipt(sent.hash);
    if (receipt?.status !== 1) throw new Error(`${method} failed`);
    return receipt.blockNumber;
  }

  const swap = (): Promise<number> => call(manager, 'swap', poolId, tokenA, UNIT, 0, FAR_FUTURE);

  async function caughtUp(): Promise<number> {
    const head = await provider.getBlockNumber();
    await eventually(async () => expect((await chainHead(db, CHAIN_ID)).number).toBe(head));
    return head;
  }

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-reconciliation-'));
    chain = await forkEmbeddedChain({
      ...{ dataDir, port: 0, finalityDepth: FINALITY_DEPTH },
      emptyBlockEveryMs: 3_600_000,
    });
    provider = new JsonRpcProvider(chain.rpcUrl, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1 });
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 8 });
    pool.on('error', () => undefined);
    await migrateProjections(pool);
    db = createReadModel(pool);
    const { governance: governor, timelock, governanceToken: token } = chain.contracts;
    const contracts = {
      ...chain.contracts,
      governance: { governor, timelock, token, clock: chain.governanceClock },
    };
    const logStream = new MemoryLogStream();
    const source = { rpcUrls: [chain.rpcUrl], chainId: CHAIN_ID, startBlock: 0 };
    running.push(
      startIndexer({
        epoch: 1n,
        chain: { ...source, finalityDepth: FINALITY_DEPTH, contracts },
        ...{ logger, logStream, pollIntervalMs: 20 },
      }),
      startIngester({ chainId: CHAIN_ID, contracts, startBlock: 0, eventStore, logger, logStream }),
      startProjections({ store: eventStore, pool, logger, clock: Date.now }),
    );
    ada = new Wallet(developmentAccounts()[1]?.privateKey ?? '', provider);
    nonce = await provider.getTransactionCount(ada.address);
    manager = at('ABLiquidityManager', chain.contracts.liquidityManager);
    await openMarket();
    for (let index = 0; index < 8; index += 1) await swap();
    await caughtUp();
  });
  afterEach(async () => {
    for (const one of reconciling.splice(0)) await one.stop();
  });
  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
    provider.destroy();
    await pool.end();
    await database.drop();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function openMarket(): Promise<void> {
    const factory = at('ABTokenFactory', chain.contracts.tokenFactory);
    for (const symbol of ['AAA', 'BBB'])
      await call(factory, 'createToken', `Token ${symbol}`, symbol, 10n ** 6n * UNIT, 18, '');
    const [a, b] = (await factory.getFunction('tokensOf').staticCall(ada.address, 0, 2)) as string[];
    tokenA = a ?? '';
    for (const token of [a, b]) await call(at('ABToken', token ?? ''), 'approve', manager.target, 10n ** 24n);
    await call(manager, 'createPool', a, b, 1_000n * UNIT, 1_000n * UNIT, FAR_FUTURE);
    poolId = (await manager.getFunction('poolIdOf').staticCall(a, b)) as string;
  }

  /** As the indexer runs it, but quickly. */
  function reconcile(over: Partial<ReconcilerOptions> = {}) {
    const rpc = new ChainRpc({ urls: [chain.rpcUrl], chainId: CHAIN_ID, logger });
    const { liquidityManager, tokenFactory } = chain.contracts;
    const of = { chainId: CHAIN_ID, liquidityManager, tokenFactory };
    const ours: OurSide = {
      newest: (read) => withOurState(db, of, read),
      after: (one, block) => ourValuesAfter(db, of, one, block),
    };
    const reconciler = startReconciler({
      ...{ chainId: CHAIN_ID, startBlock: 0, callsPerMinute: 60_000, rpc, ours, eventStore, logger },
      book: {
        read: () => reconciliationProgress(pool, CHAIN_ID),
        write: (progress) => writeReconciliationProgress(pool, CHAIN_ID, progress),
      },
      clock: Date.now,
      ...over,
    });
    reconciling.push({ ...reconciler, stop: () => reconciler.stop().then(() => rpc.close()) });
    return reconciler;
  }

  async function told<Event extends DomainEvent>(type: Event['type']): Promise<Event['data'][]> {
    const found: Event['data'][] = [];
    for await (const page of eventStore.readStream(reconciliationStream(CHAIN_ID)))
      found.push(...page.filter((event) => event.type === type).map(({ data }) => data as Event['data']));
    return found;
  }

  /** Until everything was compared once more. */
  async function wholeRounds(): Promise<void> {
    const ended = async (): Promise<string[]> => {
      const progress = (await reconciliationProgress(pool, CHAIN_ID))?.progress as
        { tracks: Record<string, { lastRoundEnded: string | null }> } | undefined;
      return Object.values(progress?.tracks ?? {}).map(({ lastRoundEnded }) => lastRoundEnded ?? '');
    };
    const since = new Date().toISOString();
    await eventually(async () => {
      const all = await ended();
      expect(all.length > 0 && all.every((one) => one > since)).toBe(true);
    });
  }

  it('agree in everything while swaps go on, each block beside the same block', async () => {
    const reconciler = reconcile();
    for (let index = 0; index < 10; index += 1) await swap();
    await wholeRounds();
    expect(reconciler.reconciled()).toMatchObject({ open: 0, disputed: 0, unanswered: 0 });
    expect(reconciler.reconciled()?.compared).toBeGreaterThan(10);
    expect(await told<DriftFound>('DriftFound')).toEqual([]);
  });

  const cases = [
    ['POOL', 'pools', 'reserve_a', () => `pool_id = '${poolId}'`, 'reserveA'],
    ['SUPPLY', 'token_supplies', 'supply', () => `token = '${tokenA}'`, 'totalSupply'],
    ['POSITION', 'liquidity_positions', 'liquidity', () => `owner = '${ada.address}'`, 'liquidity'],
    [
      ...(['BALANCE', 'holdings', 'balance'] as const),
      () => `token = '${tokenA}' AND holder = '${ada.address}'`,
      'balance',
    ],
    [
      ...(['SETTINGS', 'contract_settings', 'swap_fee'] as const),
      () => `contract = '${chain.contracts.liquidityManager}'`,
      'swapFee',
    ],
  ] as const;

  it.each(cases)(
    'are found to differ in %s where a row of %s is falsified, from its first block on, until it is healed',
    async (kind, table, column, where, name) => {
      await caughtUp();
      const before = (await told<DriftFound>('DriftFound')).length;
      const select = `SELECT ${column} AS value, updated_block FROM read_model.${table} WHERE ${where()}`;
      const { rows } = await pool.query<{ value: string; updated_block: string }>(select);
      const set = (value: string) =>
        pool.query(`UPDATE read_model.${table} SET ${column} = ${value} WHERE ${where()}`);
      await set(`${column} + 7`);
      reconcile();
      await eventually(async () => expect(await told<DriftFound>('DriftFound')).toHaveLength(before + 1));
      const drift = (await told<DriftFound>('DriftFound')).at(-1);
      const value = rows[0]?.value ?? '';
      expect(drift).toMatchObject({
        kind,
        differences: [{ name, ours: String(BigInt(value) + 7n), chain: value }],
        blockNumber: await provider.getBlockNumber(),
        firstBlock: Number(rows[0]?.updated_block),
        firstBlockExact: true,
      });
      await eventually(async () => expect(await openDriftCount(db, CHAIN_ID)).toBe(1));
      await set(value);
      await eventually(async () => expect(await openDriftCount(db, CHAIN_ID)).toBe(0));
      expect((await told<DriftEnded>('DriftEnded')).at(-1)).toMatchObject({ driftId: drift?.driftId });
      expect(await told<DriftFound>('DriftFound')).toHaveLength(before + 1);
    },
  );

  it('are told of at the level of errors', async () => {
    await caughtUp();
    const errors: unknown[] = [];
    const loud = { ...logger, error: (fields: unknown) => errors.push(fields) } as unknown as Logger;
    await pool.query(`UPDATE read_model.pools SET reserve_b = reserve_b + 1`);
    reconcile({ logger: { ...loud, child: () => loud } as Logger });
    await eventually(async () => expect(errors).toEqual([expect.objectContaining({ kind: 'POOL', poolId })]));
    await pool.query(`UPDATE read_model.pools SET reserve_b = reserve_b - 1`);
    await eventually(async () => expect(await openDriftCount(db, CHAIN_ID)).toBe(0));
  });
});
