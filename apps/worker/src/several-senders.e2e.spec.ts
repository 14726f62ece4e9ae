import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCreateToken, forwardRequestTypedData } from '@abland/chain';
import { relayerStream, type RequestCommand, requestDecider, requestStream, type Uuid } from '@abland/domain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { openPostgresEventStore } from '@abland/event-store';
import { openIndexer } from '@abland/indexer';
import {
  type EventStore,
  handleCommand,
  type RecordedEvent,
  type Running,
  silentLogger,
} from '@abland/kernel';
import { loadIndexerConfig } from '@abland/platform';
import { createTestDatabase, ProgramProcess, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contract, type HDNodeWallet, JsonRpcProvider, Wallet } from 'ethers';

const CHAIN_ENTRY = new URL('../../../libs/embedded/dist/chain/main.js', import.meta.url);
const WORKER = new URL('../dist/main.js', import.meta.url);
const TOKEN = { name: 'Shared', symbol: 'SHR', decimals: 2, metadataURI: 'ipfs://shared' };
const PATIENCE_MS = 90_000;
const SIGNERS = 6;
const EACH = 5;

describe('a worker with several senders', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let database: TestDatabase;
  let store: EventStore;
  let indexer: Running;
  let env: Record<string, string>;
  const senders = developmentAccounts().slice(2, 5);
  const workers: ProgramProcess[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-senders-'));
    database = await createTestDatabase();
    const options = { dataDir, port: 0, finalityDepth: 3, heartbeatIntervalMs: 200, entry: CHAIN_ENTRY };
    chain = await forkEmbeddedChain(options);
    env = {
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chain.webSocketUrl,
      CHAIN_ID: String(chain.chainId),
      CHAIN_FINALITY_DEPTH: '3',
      TOKEN_FACTORY_ADDRESS: chain.contracts.tokenFactory,
      LIQUIDITY_MANAGER_ADDRESS: chain.contracts.liquidityManager,
      FORWARDER_ADDRESS: chain.contracts.forwarder,
      RELAYER_PRIVATE_KEYS: senders.map(({ privateKey }) => privateKey).join(),
    };
    store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    indexer = await openIndexer(loadIndexerConfig(env), silentLogger);
  });
  afterAll(async () => {
    for (const worker of workers) await worker.end('SIGKILL');
    await indexer.stop();
    await store.close();
    await chain.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<ProgramProcess> => {
    const worker = await ProgramProcess.start(WORKER, env);
    workers.push(worker);
    return worker;
  };
  async function eventsOf(stream: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(stream)) events.push(...page);
    return events;
  }
  const signed = async (): Promise<readonly RecordedEvent[]> =>
    (await Promise.all(senders.map(({ address }) => eventsOf(relayerStream(chain.chainId, address))))).flat();
  async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; !(await holds());) {
      if (Date.now() > giveUpAt) throw new Error(`Never: ${what}\n${workers.at(-1)?.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A person asks for a token and signs, with a nonce of its own. */
  async function request(user: HDNodeWallet, nonce: number): Promise<Uuid> {
    const commandId = randomUUID();
    const deadline = Math.floor(Date.now() / 1_000) + 600;
    const at = new Date().toISOString();
    const give = (command: RequestCommand): Promise<unknown> =>
      handleCommand(store, requestDecider, requestStream(commandId), command, {
        metadata: { correlationId: commandId, causationId: null, actor: user.address },
        eventId: () => randomUUID(),
      });
    const header = {
      commandId,
      chainId: chain.chainId,
      requester: user.address,
      execution: 'RELAYED',
      inputHash: '0x00',
      requestedAt: at,
      deadline: new Date(deadline * 1_000).toISOString(),
    } as const;
    const ask = { ...TOKEN, supply: 10n, description: '' };
    await give({ type: 'AskRequest', kind: 'CREATE_TOKEN', header, ask });
    const creation = { ...TOKEN, totalSupply: 1_000n, creationFeeWei: 0n };
    const { to, data, value } = encodeCreateToken(chain.contracts.tokenFactory ?? '', creation, commandId);
    const forward = { from: user.address, to, value, gas: '4000000', nonce: String(nonce), deadline, data };
    await give({ type: 'RequestRelay', forward });
    const reference = { chainId: chain.chainId, forwarder: chain.contracts.forwarder ?? '' };
    const { domain, types, message } = forwardRequestTypedData(reference, forward);
    const fields = [...(types.ForwardRequest ?? [])];
    const signature = await user.signTypedData(domain, { ForwardRequest: fields }, message);
    await give({ type: 'AuthorizeRelay', signature, signer: user.address, at });
    return commandId;
  }

  it('carries out 30 requests of 6 signers over 3 accounts, none twice, though it is killed in the middle', async () => {
    await start();
    const users = Array.from({ length: SIGNERS }, () => Wallet.createRandom());
    const asked = (
      await Promise.all(
        users.map((user) => Promise.all(Array.from({ length: EACH }, (_, nonce) => request(user, nonce)))),
      )
    ).flat();
    await until(async () => (await signed()).length >= 8, 'the first are signed');
    await workers[0]?.end('SIGKILL');
    const before = (await signed()).length;
    expect(before).toBeLessThan(asked.length);
    await start();
    await until(async () => {
      const told = await Promise.all(
        asked.map(async (id) => (await eventsOf(requestStream(id))).at(-1)?.type),
      );
      return told.every((type) => type === 'RequestConfirmed' || type === 'RequestFinalized');
    }, 'all are confirmed');
    const commands = (await signed()).map(({ data }) => data['commandId']);
    expect(commands.toSorted()).toEqual(asked.toSorted());
    const provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
    try {
      const abi = ['function tokenCountOf(address creator) view returns (uint256)'];
      const factory = new Contract(chain.contracts.tokenFactory ?? '', abi, provider);
      for (const { address } of users)
        expect(await factory.getFunction('tokenCountOf')(address)).toBe(BigInt(EACH));
      const counts = await Promise.all(senders.map(({ address }) => provider.getTransactionCount(address)));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(asked.length);
    } finally {
      provider.destroy();
    }
  }, 120_000);
});
