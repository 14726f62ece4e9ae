import type { TransactionPaid } from '@abland/domain';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getAddress, JsonRpcProvider, Wallet } from 'ethers';
import {
  encodeApproval,
  encodeAddLiquidity,
  encodeCreatePool,
  encodeCreateToken,
  encodeForwardExecution,
  encodeSwap,
  forwardRequestTypedData,
  startIngester,
  type ContractCall,
  type FollowedContracts,
  type Ingester,
} from '@abland/chain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { validateEvent } from '@abland/event-codec';
import { MemoryEventStore } from '@abland/event-store';
import { type PublisherState, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import type { ChainConfig } from '@abland/platform';
import { eventually, until } from '@abland/testing/eventually';
import { startIndexer, type Indexer } from './start-indexer.js';

const CHAIN_ID = 31337;
const FINALITY_DEPTH = 5;
const NEVER_MS = 3_600_000;
const FAR_FUTURE = 4_000_000_000;
const command = (index: number): string => `6f9619ff-8b86-5011-b42d-${String(index).padStart(12, '0')}`;

describe('the indexer and the ingester on the embedded chain', () => {
  let dataDir: string;
  let firstMoment: string;
  let chain: ForkedChain;
  let contracts: FollowedContracts;
  let provider: JsonRpcProvider;
  let wallet: Wallet;
  let nonce: number;
  let eventStore: MemoryEventStore;
  let logStream: MemoryLogStream;
  let indexer: Indexer;
  let ingester: Ingester;

  // One chain for all tests, taken back to its first moment before each.
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-indexer-'));
    chain = await forkEmbeddedChain({
      dataDir,
      port: 0,
      finalityDepth: FINALITY_DEPTH,
      emptyBlockEveryMs: 3_600_000,
    });
    provider = new JsonRpcProvider(chain.rpcUrl, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1 });
    firstMoment = (await provider.send('evm_snapshot', [])) as string;
  });
  afterAll(async () => {
    provider.destroy();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    expect(await provider.send('evm_revert', [firstMoment])).toBe(true);
    firstMoment = (await provider.send('evm_snapshot', [])) as string;
    const { governance: governor, timelock, governanceToken: token } = chain.contracts;
    contracts = {
      ...chain.contracts,
      governance: { governor, timelock, token, clock: chain.governanceClock },
    };
    wallet = new Wallet(developmentAccounts()[0]?.privateKey ?? '', provider);
    nonce = 0;
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
    await startAll();
  });
  afterEach(async () => {
    await indexer.stop();
    await ingester.stop();
  });

  async function startAll(pollIntervalMs?: number, other: Partial<ChainConfig> = {}): Promise<void> {
    const parts = { logger: silentLogger, logStream };
    indexer = startIndexer({
      epoch: 1n,
      chain: {
        rpcUrls: [chain.rpcUrl],
        chainId: CHAIN_ID,
        startBlock: 0,
        finalityDepth: FINALITY_DEPTH,
        contracts,
        ...other,
      },
      ...parts,
      ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
    });
    ingester = startIngester({ chainId: CHAIN_ID, contracts, startBlock: 0, eventStore, ...parts });
  }

  const status = () => [indexer.status(), ingester.status()];
  const untilFollowing = (following: PublisherState): Promise<void> =>
    until(() => indexer.status().following === following, status);

  const send = async ({ to, data, value }: ContractCall): Promise<string> => {
    const raw = await wallet.signTransaction({
      to,
      data,
      value,
      nonce,
      chainId: CHAIN_ID,
      type: 2,
      gasLimit: 6_000_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 0n,
    });
    nonce += 1;
    return (await provider.send('eth_sendRawTransaction', [raw])) as string;
  };

  async function facts(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of eventStore.readStream(`chain-${CHAIN_ID}`)) events.push(...page);
    return events;
  }
  const ofType = async (type: string): Promise<RecordedEvent[]> =>
    (await facts()).filter((event) => event.type === type);

  async function untilIngested(): Promise<void> {
    const head = await provider.send('eth_getBlockByNumber', ['latest', false]);
    await until(() => ingester.status().ingested?.hash === head.hash, status);
  }

  /** The log is told of what is final after it was told of the block that makes it so. */
  const untilFinal = (number: number): Promise<void> =>
    eventually(async () => expect((await ofType('BlocksFinalized')).at(-1)?.data['number']).toBe(number));

  async function createToken(symbol: string, index: number): Promise<string> {
    const { tokenFactory } = chain.contracts;
    await send(
      encodeCreateToken(
        tokenFactory,
        {
          name: `Token ${symbol}`,
          symbol,
          totalSupply: 10n ** 24n,
          decimals: 18,
          metadataURI: 'ipfs://sample',
          creationFeeWei: 0n,
        },
        command(index),
      ),
    );
    await untilIngested();
    const created = (await ofType('TokenCreated')).find(({ data }) => data['symbol'] === symbol);
    return String(created?.data['tokenAddress']);
  }

  async function createPool(): Promise<{ poolId: string; tokenIn: string }> {
    const manager = chain.contracts.liquidityManager;
    const [tokenX, tokenY] = [await createToken('AAA', 1), await createToken('BBB', 2)];
    for (const token of [tokenX, tokenY]) await send(encodeApproval(token, manager, 10n ** 24n));
    const amounts = { amountX: 10n ** 21n, amountY: 10n ** 21n };
    await send(encodeCreatePool(manager, { tokenX, tokenY, ...amounts, deadline: FAR_FUTURE }, command(3)));
    await untilIngested();
    const [created] = await ofType('PoolCreated');
    return { poolId: String(created?.data['poolId']), tokenIn: tokenX };
  }

  it('turns every act on the real contracts into its facts, in order, valid by their schemas', async () => {
    const manager = chain.contracts.liquidityManager;
    const { poolId, tokenIn } = await createPool();
    const amounts = { amountADesired: 1000n, amountBDesired: 1000n, amountAMin: 0n, amountBMin: 0n };
    await send(encodeAddLiquidity(manager, { poolId, ...amounts, deadline: FAR_FUTURE }, command(4)));
    const swap = { poolId, tokenIn, amountIn: 10n ** 18n, amountOutMin: 1n, deadline: FAR_FUTURE };
    const txHash = await send(encodeSwap(manager, swap, command(5)));
    await untilIngested();
    const events = await facts();
    for (const event of events)
      expect([event.type, validateEvent(event.type, event.version, event.data)]).toEqual([event.type, null]);
    const creation = events
      .filter(({ metadata }) => metadata.chain?.commandId === command(1))
      .map(({ type }) => type);
    expect(creation.slice(0, 2)).toEqual(['Transfer', 'TokenCreated']);
    expect(creation).toContain('TokenMetadataUpdated');
    expect(events.map(({ type }) => type).slice(0, 6)).toContain('BlockIngested');
    const trade = events.filter(({ metadata }) => metadata.chain?.commandId === command(5));
    expect(trade.map(({ type }) => type).toSorted()).toEqual([
      'Swap',
      'Sync',
      'TransactionPaid',
      'Transfer',
      'Transfer',
    ]);
    expect(trade.find(({ type }) => type === 'Swap')).toMatchObject({
      data: { user: wallet.address, poolId, tokenIn: getAddress(tokenIn), amountIn: String(10n ** 18n) },
      metadata: { chain: { txHash, chainId: CHAIN_ID } },
    });
    expect(await ofType('SwapFeeUpdated')).toHaveLength(1);
    const blocks = await ofType('BlockIngested');
    expect(blocks.map(({ data }) => data['number'])).toEqual(blocks.map((_, index) => index));
    await untilFinal(blocks.length - 1 - FINALITY_DEPTH);
  });

  it('tells a mined failure with its reason, of wallets and behind the forwarder', async () => {
    const manager = chain.contracts.liquidityManager;
    const unknown = `0x${'ab'.repeat(32)}`;
    const swap = { poolId: unknown, tokenIn: manager, amountIn: 1n, amountOutMin: 1n, deadline: FAR_FUTURE };
    await send(encodeSwap(manager, swap, command(1)));
    const call = encodeSwap(manager, { ...swap, deadline: 1 }, command(2));
    const forwarder = chain.contracts.forwarder;
    const request = {
      from: wallet.address,
      to: call.to,
      value: '0',
      gas: '500000',
      nonce: '0',
      deadline: FAR_FUTURE,
      data: call.data,
    };
    const { domain, types, message } = forwardRequestTypedData({ chainId: CHAIN_ID, forwarder }, request);
    const { EIP712Domain: _, ...signed } = types;
    const signature = await wallet.signTypedData(domain, signed as never, message);
    await send(encodeForwardExecution(forwarder, request, signature, command(2)));
    await untilIngested();
    const failures = await ofType('TransactionFailed');
    expect(failures.map(({ metadata }) => metadata.chain?.commandId)).toEqual([command(1), command(2)]);
    expect(failures[0]?.data).toMatchObject({
      from: wallet.address,
      to: manager,
      reason: `UnknownPool(${unknown})`,
    });
    expect(failures[1]?.data['reason']).toMatch(/^DeadlineExpired\(1, \d+\)$/);
    for (const event of failures) expect(validateEvent(event.type, event.version, event.data)).toBeNull();
    await costsAreTold(command(1), command(2));
  });

  /** Of transactions with these commands, in their order: what each cost, as its receipt says, whatever came of it. */
  async function costsAreTold(...commands: readonly string[]): Promise<void> {
    const costs = await ofType('TransactionPaid');
    expect(costs.map(({ metadata }) => metadata.chain?.commandId)).toEqual(commands);
    for (const event of costs) {
      const { dataFee, gasPrice, gasUsed, payer, total, txHash, ...sent } =
        event.data as TransactionPaid['data'];
      const receipt = await provider.getTransactionReceipt(txHash);
      expect({ payer, gasUsed, gasPrice, dataFee, total }).toEqual({
        ...{ payer: receipt?.from, gasUsed: String(receipt?.gasUsed), gasPrice: String(receipt?.gasPrice) },
        ...{ dataFee: null, total: String(receipt?.fee) },
      });
      const asked = await provider.getTransaction(txHash);
      const input = asked?.data ?? '';
      expect(sent).toEqual({ value: String(asked?.value), input, inputBytes: (input.length - 2) / 2 });
      expect(validateEvent(event.type, event.version, event.data)).toBeNull();
    }
  }

  it('takes back what a reorg took back, and tells the new branch', async () => {
    const manager = chain.contracts.liquidityManager;
    const { poolId, tokenIn } = await createPool();
    const snapshot = await provider.send('evm_snapshot', []);
    const swap = { poolId, tokenIn, amountIn: 10n ** 18n, amountOutMin: 1n, deadline: FAR_FUTURE };
    await send(encodeSwap(manager, swap, command(5)));
    await send(encodeSwap(manager, swap, command(6)));
    await untilIngested();
    await provider.send('evm_revert', [snapshot]);
    nonce -= 2;
    await send(encodeSwap(manager, { ...swap, amountIn: 7n * 10n ** 17n }, command(7)));
    await untilIngested();
    const [reverted] = await ofType('BlocksReverted');
    expect(reverted?.data['hashes']).toHaveLength(2);
    expect(validateEvent('BlocksReverted', 1, reverted?.data)).toBeNull();
    const after = (await facts()).filter(({ revision }) => revision > (reverted?.revision ?? 0n));
    expect(after.map(({ metadata }) => metadata.chain?.commandId)).toContain(command(7));
    expect(indexer.status().reorgs).toBe(1);
  });

  it('stands where a reorg takes back what was final, and says so, also when it is started again', async () => {
    const snapshot = await provider.send('evm_snapshot', []);
    for (let count = 0; count < FINALITY_DEPTH + 2; count += 1) await provider.send('evm_mine', []);
    await untilIngested();
    await untilFinal((await provider.getBlockNumber()) - FINALITY_DEPTH);
    const before = (await facts()).length;
    await provider.send('evm_revert', [snapshot]);
    for (let count = 0; count < FINALITY_DEPTH + 3; count += 1) await provider.send('evm_mine', []);
    for (let starts = 0; starts < 2; starts += 1) {
      await untilFollowing('STOPPED');
      expect(indexer.status().failure?.code).toBe('REORG_TOO_DEEP');
      await indexer.stop();
      await ingester.stop();
      await startAll();
    }
    expect(await facts()).toHaveLength(before);
  });

  it('goes on after restarts of either part exactly where it was', async () => {
    await createToken('AAA', 1);
    await indexer.stop();
    await ingester.stop();
    for (let count = 0; count < 120; count += 1) await provider.send('evm_mine', []);
    await startAll();
    await createToken('BBB', 2);
    const blocks = await ofType('BlockIngested');
    expect(blocks.map(({ data }) => data['number'])).toEqual(blocks.map((_, index) => index));
    await eventually(() =>
      expect(indexer.status()).toMatchObject({ lagBlocks: 0, failure: null, pushed: true }),
    );
  });

  it('has a block in the log because its head was pushed, not because it looked for one', async () => {
    await indexer.stop();
    await ingester.stop();
    await startAll(NEVER_MS);
    await createToken('AAA', 1);
    for (let count = 0; count < 20; count += 1) {
      await provider.send('evm_mine', []);
      await untilIngested();
    }
  });

  it('has the whole history of governance where it is followed from later on', async () => {
    await indexer.stop();
    await ingester.stop();
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
    const governed = contracts;
    contracts = { ...governed, governance: null };
    await startAll();
    await untilIngested();
    expect(await ofType('VotingDelaySet')).toEqual([]);
    for (let starts = 0; starts < 2; starts += 1) {
      await indexer.stop();
      await ingester.stop();
      contracts = governed;
      await startAll();
      await provider.send('evm_mine', []);
      await untilIngested();
    }
    const settings = [
      'GovernanceTokenMinted',
      'TimelockDelayChanged',
      'VotingDelaySet',
      'QuorumNumeratorUpdated',
    ];
    const found = (await facts()).filter(({ type }) => settings.includes(type));
    expect(found.map(({ type }) => type)).toEqual(settings);
    const deployed = found.map(({ metadata }) => metadata.chain?.blockNumber ?? 0);
    expect(deployed).toEqual(deployed.toSorted((a, b) => a - b));
    expect(Math.max(...deployed)).toBeLessThanOrEqual(8);
    for (const { type, version, data } of found) expect(validateEvent(type, version, data)).toBeNull();
  });

  it.each([
    ['another chain answers', 'STOPPED', 'WRONG_CHAIN', () => ({ chainId: 5, rpcUrls: [chain.rpcUrl] })],
    ['nobody answers', 'UNREACHABLE', 'CHAIN_RPC_UNAVAILABLE', () => ({ rpcUrls: ['http://127.0.0.1:9'] })],
  ] as const)('says so where %s, and comes up', async (_, following, code, told) => {
    await indexer.stop();
    await ingester.stop();
    await startAll(undefined, told());
    await untilFollowing(following);
    expect(indexer.status().failure).toMatchObject({ code });
  });

  it('follows through a second provider where the first does not answer', async () => {
    await indexer.stop();
    await ingester.stop();
    logStream = new MemoryLogStream();
    await startAll(undefined, { rpcUrls: ['http://127.0.0.1:9', chain.webSocketUrl] });
    await untilIngested();
  });
});
