import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCreateToken } from '@abland/chain';
import { chainStream } from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import { type EventStore, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { createTestDatabase, eventually, type TestDatabase, until } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider, Wallet } from 'ethers';
import { openWorker } from './open-worker.js';
import type { Worker } from './start-worker.js';
import { isReady } from './worker-status.js';

const CHAIN_IDS = [31_337, 31_338] as const;
const FINALITY_DEPTH = 3;
const TOKEN = { name: 'Projected', symbol: 'PRJ', decimals: 2, metadataURI: 'ipfs://projected' };
const PATIENCE_MS = 120_000;

/** Both chains are deployed by the same account, so every contract of ours has the same address on both. */
describe('one indexer and one worker, on two chains with the same contracts', () => {
  let dataDir: string;
  let database: TestDatabase;
  let store: EventStore;
  let forked: readonly ForkedChain[];
  let indexer: Running;
  let worker: Worker;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-two-chains-'));
    database = await createTestDatabase();
    forked = await Promise.all(CHAIN_IDS.map((chainId) => fork(chainId)));
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    const shared = { logLevel: 'silent', metricsPort: null, databaseUrl: database.url, kafka: null } as const;
    const chains = forked.map(configOf);
    worker = await openWorker(
      {
        ...shared,
        eventStoreUrl: database.url,
        personalKeysUrl: database.url,
        chains,
        connectionsMax: 10,
        relayerPrivateKeys: [developmentAccounts()[1]?.privateKey ?? ''],
        relayerMaxFeeGwei: 500,
        relayerMaxGas: 6_000_000,
        anchoring: null,
        logSigning: { origin: 'localhost/log', keys: [new Uint8Array(32).fill(3)] },
        logWitnesses: { witnesses: [], needed: 0 },
      },
      silentLogger,
    );
    indexer = await openIndexer(
      { ...shared, eventStoreUrl: database.url, reconcileCallsPerMinute: 0, chains, connectionsMax: 4 },
      silentLogger,
    );
  });
  afterAll(async () => {
    await indexer.stop();
    await worker.stop();
    await store.close();
    for (const chain of forked) await chain.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const fork = (chainId: number): Promise<ForkedChain> =>
    forkEmbeddedChain({
      dataDir: join(dataDir, String(chainId)),
      chainId,
      port: 0,
      finalityDepth: FINALITY_DEPTH,
      emptyBlockEveryMs: 100,
    });

  function configOf({ chainId, webSocketUrl, contracts }: ForkedChain): ChainConfig {
    const { tokenFactory, liquidityManager, forwarder, checkpoint } = contracts;
    const addresses = { tokenFactory, liquidityManager, forwarder, checkpoint, governance: null };
    return {
      rpcUrls: [webSocketUrl],
      chainId,
      startBlock: 0,
      finalityDepth: FINALITY_DEPTH,
      contracts: addresses,
    };
  }

  async function createToken(chain: ForkedChain): Promise<string> {
    const provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
    const wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '', provider);
    const terms = { ...TOKEN, totalSupply: 1_000n, creationFeeWei: 0n };
    const call = encodeCreateToken(chain.contracts.tokenFactory, terms, crypto.randomUUID());
    const { hash } = await wallet.sendTransaction({ to: call.to, data: call.data });
    provider.destroy();
    return hash;
  }

  async function factsOf(chainId: number): Promise<readonly RecordedEvent[]> {
    const facts: RecordedEvent[] = [];
    for await (const page of store.readStream(chainStream(chainId))) facts.push(...page);
    return facts;
  }

  /** The facts of a chain, once there is one of a type. */
  async function factsWith(chainId: number, type: string): Promise<readonly RecordedEvent[]> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt;) {
      const facts = await factsOf(chainId);
      if (facts.some((fact) => fact.type === type)) return facts;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Chain ${chainId} has no ${type}`);
  }

  it('have the contracts at the same addresses', () => {
    expect(forked[0]?.contracts).toEqual(forked[1]?.contracts);
  });

  it('puts what happens on one chain into that chain alone', async () => {
    const [first, second] = forked as [ForkedChain, ForkedChain];
    const txHash = await createToken(first);
    const there = await factsWith(first.chainId, 'TokenCreated');
    expect(there.find(({ type }) => type === 'TokenCreated')?.metadata.chain?.txHash).toBe(txHash);
    const elsewhere = await factsWith(second.chainId, 'BlocksFinalized');
    expect(elsewhere.map(({ type }) => type)).not.toContain('TokenCreated');
    for (const [chainId, facts] of [
      [first.chainId, there],
      [second.chainId, elsewhere],
    ] as const) {
      expect(new Set(facts.map(({ metadata }) => metadata.chain?.chainId))).toEqual(new Set([chainId]));
    }
  });

  it('does the work of each chain apart, and says so', async () => {
    await eventually(async () => {
      const { chains } = await worker.status();
      expect(chains.map(({ chainId, ingester }) => [chainId, ingester?.failure])).toEqual([
        [31_337, null],
        [31_338, null],
      ]);
    });
    const { processes } = await worker.status();
    expect(processes.map(({ name }) => name)).toEqual([
      'settlement-31337',
      'relay-31337',
      'settlement-31338',
      'relay-31338',
      'erasure',
    ]);
    // What the test before it caused may still be under way.
    await until(
      async () => isReady(await worker.status()),
      () => worker.status(),
    );
  });

  it('goes on with one chain while the other is out of reach', async () => {
    const [first, second] = forked as [ForkedChain, ForkedChain];
    await first.stop();
    const txHash = await createToken(second);
    const facts = await factsWith(second.chainId, 'TokenCreated');
    expect(facts.find(({ type }) => type === 'TokenCreated')?.metadata.chain?.txHash).toBe(txHash);
  });
});
