import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCreateToken } from '@abland/chain';
import { chainStream } from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import { type EventStore, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import { loadIndexerConfig, loadWorkerConfig } from '@abland/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider, Wallet } from 'ethers';
import { openWorker } from './open-worker.js';
import type { Worker } from './start-worker.js';

const [FIRST, SECOND] = [31_337, 31_338] as const;
const FINALITY_DEPTH = 3;
const PATIENCE_MS = 120_000;

/** What CHAINS_FILE tells of one of two chains with the same contracts. */
interface Told {
  readonly id: number;
  readonly url: string;
}

describe('a deployment whose chains are told by a file', () => {
  let folder: string;
  let database: TestDatabase;
  let store: EventStore;
  let first: ForkedChain;
  let second: ForkedChain;
  let running: readonly [Worker, Running] | null = null;

  const fork = (chainId: number): Promise<ForkedChain> =>
    forkEmbeddedChain({
      ...{ dataDir: join(folder, String(chainId)), chainId, port: 0, finalityDepth: FINALITY_DEPTH },
      ...{ emptyBlockEveryMs: 100 },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-chains-file-'));
    database = await createTestDatabase();
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    [first, second] = await Promise.all([fork(FIRST), fork(SECOND)]);
  });
  afterEach(stop);
  afterAll(async () => {
    await store.close();
    await Promise.all([first.stop(), second.stop()]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(...told: readonly Told[]): Promise<Worker> {
    const { checkpoint, forwarder, liquidityManager, tokenFactory } = first.contracts;
    const chains = told.map(({ id, url }) => ({
      ...{ id, name: `Chain ${id}`, providers: [url], finality: { tag: 'finalized' } },
      contracts: { checkpoint, forwarder, liquidityManager, tokenFactory },
    }));
    const CHAINS_FILE = join(folder, 'chains.json');
    await writeFile(CHAINS_FILE, JSON.stringify({ chains }));
    const env = {
      ...{ CHAINS_FILE, DATABASE_URL: database.url },
      RELAYER_PRIVATE_KEY: developmentAccounts()[2]?.privateKey ?? '',
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    };
    const worker = await openWorker(loadWorkerConfig(env), silentLogger);
    running = [worker, await openIndexer(loadIndexerConfig(env), silentLogger)];
    return worker;
  }

  async function stop(): Promise<void> {
    const [worker, indexer] = running ?? [];
    running = null;
    await indexer?.stop();
    await worker?.stop();
  }

  async function createToken(chain: ForkedChain): Promise<string> {
    const provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
    const wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '', provider);
    const terms = { name: 'Told', symbol: 'TLD', decimals: 2, metadataURI: 'ipfs://told' };
    const supply = { totalSupply: 1_000n, creationFeeWei: 0n };
    const call = encodeCreateToken(
      chain.contracts.tokenFactory,
      { ...terms, ...supply },
      crypto.randomUUID(),
    );
    const { hash } = await wallet.sendTransaction({ to: call.to, data: call.data });
    provider.destroy();
    return hash;
  }

  async function factsOf(chainId: number): Promise<readonly RecordedEvent[]> {
    const facts: RecordedEvent[] = [];
    for await (const page of store.readStream(chainStream(chainId))) facts.push(...page);
    return facts;
  }

  /** The facts of a chain once a token's creation is among them and its block final. */
  async function finalWith(chainId: number, txHash: string): Promise<readonly RecordedEvent[]> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt;) {
      const facts = await factsOf(chainId);
      const at = facts.findIndex(({ metadata }) => metadata.chain?.txHash === txHash);
      const block = facts[at]?.metadata.chain?.blockNumber ?? Infinity;
      const final = facts.filter(({ type }) => type === 'BlocksFinalized');
      if (final.some(({ data }) => Number(data['number']) >= block)) return facts;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Chain ${chainId} has no final ${txHash}`);
  }

  const numbersOf = (facts: readonly RecordedEvent[]): unknown[] =>
    facts.filter(({ type }) => type === 'BlockIngested').map(({ data }) => data['number']);

  it('goes on with one while another is wrong from the start, takes it up once the file is right, and leaves it where it is taken out', async () => {
    const right = { id: FIRST, url: first.webSocketUrl };
    // What serves it is another chain: by itself that refuses the start.
    const wrong = { id: SECOND, url: first.rpcUrl };
    await expect(start(wrong)).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
    const worker = await start(right, wrong);
    const before = await finalWith(FIRST, await createToken(first));
    expect(await factsOf(SECOND)).toEqual([]);
    await eventually(async () => {
      const { chains } = await worker.status();
      expect(chains.map(({ chainId, provider }) => [chainId, provider.failure?.code ?? null])).toEqual([
        [FIRST, null],
        [SECOND, 'WRONG_CHAIN'],
      ]);
    });
    await stop();

    await start({ id: SECOND, url: second.webSocketUrl }, right);
    const there = await finalWith(SECOND, await createToken(second));
    const after = await finalWith(FIRST, await createToken(first));
    expect(after.slice(0, before.length)).toEqual(before);
    for (const facts of [there, after]) expect(numbersOf(facts)).toEqual(numbersOf(facts).map((_, at) => at));
    await stop();

    const kept = await factsOf(SECOND);
    await start(right);
    await createToken(second);
    await finalWith(FIRST, await createToken(first));
    expect(await factsOf(SECOND)).toEqual(kept);
  });
});
