import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@abland/domain';
import { parkedEvents } from '../engine/status.js';
import { listOrders, orderById } from '../orders/queries.js';
import { poolRequestById } from '../pools/queries.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_STREAM, SimulatedChain } from '../testing/simulated-chain.js';
import { aggregateEvent, INPUT_HASH } from '../testing/simulated-orders.js';
import { tokenById } from '../tokens/queries.js';
import { listTransactions, transactionByHash } from '../transactions/queries.js';
import { userByAddress } from '../users/queries.js';
import { commandById, listCommands } from './queries.js';

type DataOf<Type extends AnyEvent['type']> = Parameters<typeof aggregateEvent<Type>>[2];

const USER = `0x${'a'.repeat(40)}`;
const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:10:00.000Z';
const asked = { execution: 'WALLET', inputHash: INPUT_HASH, requestedAt: AT, deadline: LATER } as const;

describe('following commands', () => {
  let bench: ProjectionBench;
  const random = new SeededRandom(21);

  beforeAll(async () => {
    bench = await ProjectionBench.open();
  });
  afterAll(async () => bench.close());

  async function tell<Type extends AnyEvent['type']>(
    stream: string,
    type: Type,
    data: DataOf<Type>,
  ): Promise<void> {
    await bench.store.append(stream, [aggregateEvent(random.uuid(), type, data)], 'any');
  }
  const status = async (id: string): Promise<string | undefined> => {
    await bench.project();
    return (await commandById(bench.db, id))?.status;
  };

  it('a token is created, taken back by a reorg, created again and deactivated', async () => {
    const [tokenId, txHash, blockHash] = [random.uuid(), random.hash(), random.hash()];
    const stream = `token-${tokenId}`;
    const deployed = { tokenId, tokenAddress: random.address(), txHash, blockNumber: 5, blockHash };
    await tell(stream, 'TokenCreationRequested', {
      tokenId,
      creator: USER,
      name: 'Gold',
      symbol: 'GLD',
      decimals: 6,
      supply: '100',
      totalSupply: '100000000',
      description: '',
      metadataURI: '',
      ...asked,
    });
    expect(await status(tokenId)).toBe('ACCEPTED');
    expect(await tokenById(bench.db, tokenId)).toMatchObject({ status: 'PENDING', address: null });

    await tell(stream, 'TokenCreationSubmitted', { tokenId, txHash });
    expect(await status(tokenId)).toBe('SUBMITTED');
    expect(await tokenById(bench.db, tokenId)).toMatchObject({ status: 'DEPLOYING', txHash });
    expect(await transactionByHash(bench.db, txHash)).toMatchObject({
      status: 'PENDING',
      type: 'TOKEN_CREATION',
    });

    await tell(stream, 'TokenDeployed', deployed);
    expect(await status(tokenId)).toBe('CONFIRMED');
    expect(await commandById(bench.db, tokenId)).toMatchObject({
      kind: 'CREATE_TOKEN',
      entityKind: 'TOKEN',
      entityId: tokenId,
      token: deployed.tokenAddress,
      blockNumber: 5,
      correlationId: 'correlation',
    });

    await tell(stream, 'TokenDeploymentRetracted', { tokenId, txHash, blockHash });
    expect(await status(tokenId)).toBe('SUBMITTED');
    expect(await commandById(bench.db, tokenId)).toMatchObject({ token: null, blockNumber: null });

    await tell(stream, 'TokenDeployed', { ...deployed, blockNumber: 6 });
    expect(await status(tokenId)).toBe('CONFIRMED');

    const commandId = random.uuid();
    await tell(stream, 'TokenDeactivationRequested', { tokenId, commandId, requestedBy: USER, ...asked });
    await tell(stream, 'TokenDeactivationSubmitted', { tokenId, commandId, txHash: random.hash() });
    await tell(stream, 'TokenDeactivationConfirmed', { tokenId, txHash, blockNumber: 7, blockHash });
    expect(await status(commandId)).toBe('CONFIRMED');
    await tell(stream, 'TokenDeactivationRetracted', { tokenId, txHash, blockHash });
    expect(await status(commandId)).toBe('SUBMITTED');
    await tell(stream, 'TokenDeactivationFailed', {
      tokenId,
      commandId,
      code: 'EXPIRED',
      reason: 'too late',
      txHash: null,
      blockHash: null,
    });
    expect(await status(commandId)).toBe('EXPIRED');
    expect(await commandById(bench.db, commandId)).toMatchObject({
      kind: 'DEACTIVATE_TOKEN',
      token: deployed.tokenAddress,
      errorCode: 'EXPIRED',
    });
  });

  it('a pool is refused by the chain, with the reason', async () => {
    const [requestId, txHash] = [random.uuid(), random.hash()];
    await tell(`pool-${requestId}`, 'PoolCreationRequested', {
      requestId,
      poolId: random.hash(),
      creator: USER,
      tokenA: random.address(),
      tokenB: random.address(),
      amountA: '5',
      amountB: '6',
      ...asked,
    });
    await tell(`pool-${requestId}`, 'PoolCreationSubmitted', { requestId, txHash });
    const failure = { code: 'REVERTED', reason: 'PoolExists()', txHash, blockHash: random.hash() };
    await tell(`pool-${requestId}`, 'PoolCreationFailed', { requestId, ...failure });
    expect(await status(requestId)).toBe('REVERTED');
    expect(await poolRequestById(bench.db, requestId)).toMatchObject({
      status: 'FAILED',
      failureCode: 'REVERTED',
      failureReason: 'PoolExists()',
      txHash,
    });
  });

  it('an order goes to finality, and another ends in each other way', async () => {
    const order = async (): Promise<{ orderId: string; txHash: string }> => {
      const [orderId, txHash] = [random.uuid(), random.hash()];
      await tell(`order-${orderId}`, 'OrderRequested', {
        orderId,
        user: USER,
        poolId: `0x${'9'.repeat(64)}`,
        terms: { kind: 'REMOVE_LIQUIDITY', liquidity: '5', amountAMin: '1', amountBMin: '1' },
        ...asked,
      });
      await tell(`order-${orderId}`, 'OrderSubmitted', { orderId, txHash });
      return { orderId, txHash };
    };
    const mined = { blockNumber: 3, blockHash: random.hash() };
    const result = { kind: 'REMOVE_LIQUIDITY', amountA: '1', amountB: '2', liquidity: '5' } as const;

    const first = await order();
    await tell(`order-${first.orderId}`, 'OrderReverted', { ...first, ...mined, reason: 'Expired()' });
    expect(await orderById(bench.db, first.orderId)).toBeNull();
    expect(await status(first.orderId)).toBe('REVERTED');
    expect(await orderById(bench.db, first.orderId)).toMatchObject({
      status: 'REVERTED',
      failureReason: 'Expired()',
    });
    await tell(`order-${first.orderId}`, 'OrderOutcomeRetracted', { ...first, blockHash: mined.blockHash });
    expect(await status(first.orderId)).toBe('SUBMITTED');
    await tell(`order-${first.orderId}`, 'OrderConfirmed', { ...first, ...mined, result });
    expect(await status(first.orderId)).toBe('CONFIRMED');
    await tell(`order-${first.orderId}`, 'OrderFinalized', { orderId: first.orderId, blockNumber: 3 });
    expect(await status(first.orderId)).toBe('FINALIZED');
    expect(await orderById(bench.db, first.orderId)).toMatchObject({
      status: 'FINALIZED',
      result,
      failureCode: null,
    });

    const late = await order();
    await tell(`order-${late.orderId}`, 'OrderExpired', { orderId: late.orderId, at: LATER });
    const failed = await order();
    await tell(`order-${failed.orderId}`, 'OrderFailed', {
      orderId: failed.orderId,
      code: 'REFUSED',
      reason: 'no',
    });
    expect([await status(late.orderId), await status(failed.orderId)]).toEqual(['EXPIRED', 'FAILED']);

    const listed = await listOrders(bench.db, {
      filter: { user: USER, statuses: ['EXPIRED', 'FAILED'] },
      page: { first: 1 },
    });
    const rest = await listOrders(bench.db, {
      filter: { user: USER, statuses: ['EXPIRED', 'FAILED'], kinds: ['REMOVE_LIQUIDITY'] },
      page: { first: 5, after: listed.pageInfo.endCursor },
    });
    const ids = [...listed.edges, ...rest.edges].map(({ node }) => node.id);
    expect([...ids].sort()).toEqual([late.orderId, failed.orderId].sort());
  });

  it('a relayed command shows what our sender does, whichever event comes first', async () => {
    const [orderId, txHash] = [random.uuid(), random.hash()];
    const request = { from: USER, to: USER, value: '0', gas: '1', nonce: '0', deadline: 1, data: '0x' };
    const target = { kind: 'ORDER', id: orderId } as const;
    await tell(`relay-${orderId}`, 'RelayRequested', { commandId: orderId, target, request });
    await tell(`order-${orderId}`, 'OrderRequested', {
      orderId,
      user: USER,
      poolId: random.hash(),
      terms: { kind: 'REMOVE_LIQUIDITY', liquidity: '5', amountAMin: '1', amountBMin: '1' },
      ...asked,
      execution: 'RELAYED',
    });
    await tell(`relay-${orderId}`, 'RelayAuthorized', { commandId: orderId, signature: '0x00' });
    await tell(`relay-${orderId}`, 'RelayAttemptFailed', {
      commandId: orderId,
      attempt: 1,
      reason: 'the node is away',
      retryAt: LATER,
    });
    await bench.project();
    expect(await commandById(bench.db, orderId)).toMatchObject({
      relayStatus: 'RETRYING',
      errorReason: 'the node is away',
      txHash: null,
    });
    await tell(`relayer-${USER}`, 'RelayerTransactionSigned', {
      relayer: USER,
      nonce: 0,
      commandId: orderId,
      txHash,
      rawTransaction: '0x00',
    });
    await bench.project();
    expect(await commandById(bench.db, orderId)).toMatchObject({
      execution: 'RELAYED',
      relayStatus: 'SIGNED',
      txHash,
      errorReason: null,
    });
  });

  it('a rejected command can be found, and never hides what an accepted one became', async () => {
    const rejection = {
      address: USER,
      command: 'swap',
      code: 'INSUFFICIENT_BALANCE',
      field: 'amountIn',
      reason: 'less is there',
      inputHash: INPUT_HASH,
      at: LATER,
    };
    const commandId = random.uuid();
    await tell(`user-${USER}`, 'CommandRejected', { commandId, ...rejection });
    await bench.project();
    const { edges } = await listCommands(bench.db, { user: USER, page: { first: 50 } });
    expect(edges[0]?.node).toMatchObject({
      id: commandId,
      status: 'REJECTED',
      errorField: 'amountIn',
      requestedAt: LATER,
    });
    const accepted = edges.find(({ node }) => node.status === 'FINALIZED')?.node;
    await tell(`user-${USER}`, 'CommandRejected', { commandId: accepted?.id ?? '', ...rejection });
    await tell(`user-${USER}`, 'UserRegistered', { address: USER, at: AT });
    await tell(`user-${USER}`, 'UserSignedIn', { address: USER, at: LATER });
    await bench.project();
    expect(await commandById(bench.db, accepted?.id ?? '')).toEqual(accepted);
    expect(await userByAddress(bench.db, USER)).toEqual({
      address: USER,
      registeredAt: AT,
      lastSignedInAt: LATER,
      signIns: 1,
      rejectedCommands: 2,
      registration: 1,
      profile: null,
      profileUpdatedAt: null,
      erasedAt: null,
      keyDestroyedAt: null,
    });
    expect(await parkedEvents(bench.pool)).toEqual([]);
  });

  it('what is submitted and not mined stands before what is mined, page by page', async () => {
    const chain = new SimulatedChain(random);
    for (let i = 0; i < 20; i += 1) await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
    for (let i = 0; i < 3; i += 1) {
      const orderId = random.uuid();
      await tell(`order-${orderId}`, 'OrderRequested', {
        orderId,
        user: USER,
        poolId: random.hash(),
        terms: { kind: 'REMOVE_LIQUIDITY', liquidity: '5', amountAMin: '1', amountBMin: '1' },
        ...asked,
      });
      await tell(`order-${orderId}`, 'OrderSubmitted', { orderId, txHash: random.hash() });
    }
    await bench.project();
    const all = await listTransactions(bench.db, { page: { first: 200 } });
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await listTransactions(bench.db, { page: { first: 2, after } });
      paged.push(...edges.map(({ node }) => node.hash));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(all.edges.map(({ node }) => node.hash));
    expect(new Set(paged).size).toBe(paged.length);
    const statuses = all.edges.map(({ node }) => node.status);
    expect(statuses.slice(0, 3)).toEqual(['PENDING', 'PENDING', 'PENDING']);
    expect(statuses.lastIndexOf('PENDING')).toBe(2);
    const pending = await listTransactions(bench.db, {
      filter: { statuses: ['PENDING'] },
      page: { first: 9 },
    });
    expect(pending.edges.map(({ node }) => node.type)).toEqual(Array(3).fill('REMOVE_LIQUIDITY'));
  });
});
