import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCreateToken, encodeForwardExecution, forwardRequestTypedData } from '@abland/chain';
import {
  type Execution,
  type ForwardRequest,
  personalDataSubject,
  type RelayCommand,
  relayerStream,
  requestDecider,
  requestStream,
  type UserCommand,
  userDecider,
  userStream,
  type Uuid,
} from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openPersonalKeys } from '@abland/personal-data';
import { openIndexer } from '@abland/indexer';
import {
  type EventStore,
  handleCommand,
  type RecordedEvent,
  type Running,
  silentLogger,
} from '@abland/kernel';
import { loadIndexerConfig, loadWorkerConfig, type WorkerConfig } from '@abland/platform';
import { createTestDatabase, eventually, freePort, type TestDatabase } from '@abland/testing';
import { readExposition } from '@abland/testing/exposition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider, Wallet } from 'ethers';
import { openWorker } from './open-worker.js';
import { isReady } from './worker-status.js';
import type { Worker } from './start-worker.js';

const TOKEN = { name: 'Projected', symbol: 'PRJ', decimals: 2, metadataURI: 'ipfs://projected' };
const GAS = '4000000';
const PATIENCE_MS = 120_000;
const MASTER_KEY = Buffer.alloc(32, 7);

describe('the worker, between a real chain and a real database', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let database: TestDatabase;
  let store: EventStore;
  let config: WorkerConfig;
  let indexer: Running;
  let startIndexer: () => Promise<Running>;
  let worker: Worker;
  let provider: JsonRpcProvider;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-worker-'));
    database = await createTestDatabase();
    const options = { dataDir, port: 0, finalityDepth: 3, emptyBlockEveryMs: 100 };
    chain = await forkEmbeddedChain(options);
    const { tokenFactory, liquidityManager, forwarder } = chain.contracts;
    const env = {
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chain.webSocketUrl,
      CHAIN_ID: String(chain.chainId),
      CHAIN_FINALITY_DEPTH: '3',
      TOKEN_FACTORY_ADDRESS: tokenFactory,
      LIQUIDITY_MANAGER_ADDRESS: liquidityManager,
      FORWARDER_ADDRESS: forwarder,
      RELAYER_PRIVATE_KEY: developmentAccounts()[2]?.privateKey ?? '',
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    };
    config = loadWorkerConfig(env);
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    worker = await openWorker(config, silentLogger);
    startIndexer = () => openIndexer(loadIndexerConfig(env), silentLogger);
    indexer = await startIndexer();
    provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true, cacheTimeout: -1 });
  });
  afterAll(async () => {
    provider.destroy();
    await indexer.stop();
    await worker.stop();
    await store.close();
    await chain.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const eventsOf = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(stream)) events.push(...page);
    return events;
  };

  /** The events of a stream, once the last of them is of a type. */
  async function until(stream: string, type: string): Promise<readonly RecordedEvent[]> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const events = await eventsOf(stream);
      if (events.at(-1)?.type === type) return events;
      if (Date.now() > giveUpAt) throw new Error(`${stream} ends with ${events.at(-1)?.type}, not ${type}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const context = (actor: string) => ({
    metadata: { correlationId: randomUUID(), causationId: null, actor },
    eventId: () => randomUUID(),
  });
  const deadline = (): number => Math.floor(Date.now() / 1_000) + 600;

  async function requestToken(requester: string, execution: Execution): Promise<Uuid> {
    const commandId = randomUUID();
    const header = {
      commandId,
      chainId: chain.chainId,
      requester,
      execution,
      inputHash: '0x00',
      requestedAt: new Date().toISOString(),
      deadline: new Date(deadline() * 1_000).toISOString(),
    } as const;
    const ask = { ...TOKEN, supply: 10n, description: '' };
    const command = { type: 'AskRequest', kind: 'CREATE_TOKEN', header, ask } as const;
    await handleCommand(store, requestDecider, requestStream(commandId), command, context(requester));
    return commandId;
  }

  const creation = (commandId: Uuid) =>
    encodeCreateToken(
      chain.contracts['tokenFactory'] ?? '',
      { ...TOKEN, totalSupply: 1_000n, creationFeeWei: 0n },
      commandId,
    );

  it("deploys a token whose creator's wallet sent the transaction and told nobody", async () => {
    const wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '', provider);
    const commandId = await requestToken(wallet.address, 'WALLET');
    const { to, data } = creation(commandId);
    const sent = await wallet.sendTransaction({ to, data });
    const events = await until(requestStream(commandId), 'RequestFinalized');
    expect(events.map(({ type }) => type)).toEqual([
      'TokenCreationRequested',
      'RequestConfirmed',
      'RequestFinalized',
    ]);
    expect(events[1]?.data).toMatchObject({ commandId, chainId: chain.chainId, txHash: sent.hash });
    expect(events[1]?.metadata).toMatchObject({
      actor: `process:settlement-${chain.chainId}`,
      correlationId: events[0]?.metadata.correlationId,
    });
  });

  it('sends what a user without ether signed, and deploys it', async () => {
    const user = Wallet.createRandom();
    const commandId = await requestToken(user.address, 'RELAYED');
    const { to, data, value } = creation(commandId);
    const forward = { from: user.address, to, value, gas: GAS, nonce: '0', deadline: deadline(), data };
    // Else the chain may tell of it before the log does that it was sent.
    await indexer.stop();
    await relay(user, commandId, forward);
    await until(requestStream(commandId), 'RequestSubmitted');
    indexer = await startIndexer();
    const events = await until(requestStream(commandId), 'RequestFinalized');
    expect(events.map(({ type }) => type)).toEqual([
      'TokenCreationRequested',
      'RelayRequested',
      'RelayAuthorized',
      'RequestSubmitted',
      'RequestConfirmed',
      'RequestFinalized',
    ]);
    const relayer = new Wallet(config.relayerPrivateKeys[0] ?? '').address;
    const [signed] = await eventsOf(relayerStream(chain.chainId, relayer));
    expect(signed?.data).toMatchObject({ commandId, nonce: 0 });
  });

  it('confirms what somebody else executed with its signature, without a word of it', async () => {
    const user = Wallet.createRandom();
    const commandId = await requestToken(user.address, 'RELAYED');
    const { to, data, value } = creation(commandId);
    const forward = { from: user.address, to, value, gas: GAS, nonce: '0', deadline: deadline(), data };
    const other = new Wallet(developmentAccounts()[1]?.privateKey ?? '', provider);
    let executed = '';
    await relay(user, commandId, forward, async (signature) => {
      const forwarder = chain.contracts['forwarder'] ?? '';
      const tagged = encodeForwardExecution(forwarder, forward, signature, commandId);
      const sent = await other.sendTransaction({ to: forwarder, data: tagged.data.slice(0, -48) });
      executed = sent.hash;
    });
    const events = await until(requestStream(commandId), 'RequestFinalized');
    expect(events.map(({ type }) => type)).not.toContain('RequestFailed');
    expect(events.at(-2)).toMatchObject({ type: 'RequestConfirmed', data: { txHash: executed } });
  });

  async function relay(
    user: Pick<Wallet, 'address' | 'signTypedData'>,
    commandId: Uuid,
    forward: ForwardRequest,
    onceSigned: (signature: string) => Promise<void> = () => Promise.resolve(),
  ) {
    const give = (command: RelayCommand) =>
      handleCommand(store, requestDecider, requestStream(commandId), command, context(user.address));
    await give({ type: 'RequestRelay', forward });
    const reference = { chainId: chain.chainId, forwarder: chain.contracts['forwarder'] ?? '' };
    const { domain, types, message } = forwardRequestTypedData(reference, forward);
    const { ForwardRequest: fields } = types;
    const signature = await user.signTypedData(domain, { ForwardRequest: [...(fields ?? [])] }, message);
    await onceSigned(signature);
    const at = new Date().toISOString();
    await give({ type: 'AuthorizeRelay', signature, signer: user.address, at });
  }

  it('destroys the key of who was erased', async () => {
    const { address } = Wallet.createRandom();
    const subject = personalDataSubject(address, 1);
    const { keys, close } = await openPersonalKeys(database.url, [MASTER_KEY], silentLogger);
    await keys.obtain(subject);
    const at = new Date().toISOString();
    const give = (command: UserCommand) =>
      handleCommand(store, userDecider, userStream(address), command, context(address));
    await give({ type: 'SignInUser', address, at });
    const asked = { by: 'PERSON', requestedBy: address, reason: null, inputHash: '0x00', at } as const;
    await give({ type: 'EraseUser', commandId: randomUUID(), ...asked });
    await until(userStream(address), 'UserKeyDestroyed');
    expect((await keys.findAll([subject])).size).toBe(0);
    await close();
  });

  it('says that it is ready, and how far everything is', async () => {
    // What the tests before it left to be done may still be under way.
    await eventually(async () => {
      const status = await worker.status();
      expect(isReady(status)).toBe(true);
      expect(status.chains).toMatchObject([{ chainId: chain.chainId, ingester: { failure: null } }]);
      expect(status.processes.map(({ name, leading }) => [name, leading])).toEqual([
        [`settlement-${chain.chainId}`, true],
        [`relay-${chain.chainId}`, true],
        ['erasure', true],
      ]);
    });
  });

  it('leaves the work to a second one when it stops', async () => {
    const second = await openWorker(config, silentLogger);
    expect((await second.status()).processes.every(({ leading }) => !leading)).toBe(true);
    await worker.stop();
    worker = second;
    const wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '', provider);
    const commandId = await requestToken(wallet.address, 'WALLET');
    const { to, data } = creation(commandId);
    await wallet.sendTransaction({ to, data });
    await until(requestStream(commandId), 'RequestFinalized');
  });

  it('is not ready while a process or the ingester does not come round, though nothing failed', async () => {
    await eventually(async () => expect(isReady(await worker.status())).toBe(true));
    const status = await worker.status();
    const [process] = status.processes;
    const [own] = status.chains;
    if (process === undefined || own === undefined || own.ingester === null)
      throw new Error('It does not work');
    expect(isReady({ ...status, processes: [{ ...process, standsAt: 'tick' }] })).toBe(false);
    const ingester = { ...own.ingester, standsAt: 'log-stream' };
    expect(isReady({ ...status, chains: [{ ...own, ingester }] })).toBe(false);
  });

  it('tells of its health and its own parts on a port of its own', async () => {
    const port = await freePort();
    const told = await openWorker({ ...config, metricsPort: port }, silentLogger);
    try {
      await eventually(async () => {
        const ready = await fetch(`http://127.0.0.1:${port}/ready`);
        expect(ready.status).toBe(200);
        expect(Object.keys((await ready.json()) as object)).toEqual([
          ...['status', 'chains', 'processes', 'anchors', 'undone', 'degraded', 'toldSeconds'],
        ]);
      });
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(readExposition(metrics)).not.toEqual([]);
      expect(metrics).toContain(`abland_process_leading{process="relay-${chain.chainId}"} 0`);
      expect(metrics).not.toContain('abland_projection');
    } finally {
      await told.stop();
    }
  });

  it('does not start where its account sent what the log does not know', async () => {
    const relayer = new Wallet(config.relayerPrivateKeys[0] ?? '', provider);
    await (await relayer.sendTransaction({ to: relayer.address })).wait();
    await expect(openWorker(config, silentLogger)).rejects.toMatchObject({ code: 'RELAYER_NONCE_MISMATCH' });
  });
});
