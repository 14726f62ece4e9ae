import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestedEvent } from '@abland/domain';
import { parkedEvents } from '../parked-events.js';
import { createToken, transfer } from '@abland/testing/market';
import { ProjectionBench } from '../testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, OTHER_CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { asked, ASKS, INPUT_HASH } from '../testing/simulated-requests.js';
import { type DataOf, newEvent } from '../testing/told-events.js';
import { listTransactions, transactionByHash } from '../transactions/queries.js';
import { userByAddress } from '../users/queries.js';
import { listRequests, requestById, type RequestFilter } from './queries.js';
import type { RequestView } from './view.js';

const USER = `0x${'a'.repeat(40)}`;
const LATER = '2026-01-01T12:10:00.000Z';

describe('requests as queries read them', () => {
  let bench: ProjectionBench;
  const random = new SeededRandom(21);
  const chain = new SimulatedChain(random);

  beforeAll(async () => {
    bench = await ProjectionBench.open();
  });
  afterAll(async () => bench.close());

  const tell = async <Type extends Parameters<typeof newEvent>[1]>(
    stream: string,
    type: Type,
    data: DataOf<Type>,
  ): Promise<void> => void (await bench.store.append(stream, [newEvent(random.uuid(), type, data)], 'any'));

  /** A request of a kind, and what the rest of its events name. */
  async function begin(type: RequestedEvent['type'], requester = USER, chainId = CHAIN_ID) {
    const of = { commandId: random.uuid(), chainId };
    const stream = `request-${of.commandId}`;
    await tell(stream, type, asked({ ...of, requester }, ASKS[type]) as never);
    const mined = { ...of, txHash: random.hash(), blockNumber: 5, blockHash: random.hash() };
    return { of, stream, mined };
  }
  const read = async (id: string): Promise<RequestView | null> => {
    await bench.project();
    return requestById(bench.db, id);
  };
  const ids = async (filter: RequestFilter): Promise<string[]> =>
    (await listRequests(bench.db, { filter, page: { first: 50 } })).edges.map(({ node }) => node.id);

  it('follow a token from the request to its end, with the transaction that is on its way', async () => {
    const { of, stream, mined } = await begin('TokenCreationRequested');
    const { txHash } = mined;
    expect(await read(of.commandId)).toEqual({
      ...{ id: of.commandId, chainId: CHAIN_ID, kind: 'CREATE_TOKEN', requester: USER, status: 'ACCEPTED' },
      ...{ execution: 'WALLET', terms: ASKS.TokenCreationRequested, outcome: null, token: null },
      ...{ poolId: null, txHash: null, blockNumber: null, blockHash: null, relayStatus: null },
      ...{ relayFailure: null, failureCode: null, failureReason: null, failureField: null },
      ...{ inputHash: INPUT_HASH, correlationId: 'correlation', requestedAt: '2026-01-01T12:00:00.000Z' },
      deadline: '2026-01-01T12:30:00.000Z',
    });

    await tell(stream, 'RequestSubmitted', { ...of, txHash });
    expect(await read(of.commandId)).toMatchObject({ status: 'SUBMITTED', txHash });
    const asked = { chainId: CHAIN_ID, hash: txHash };
    for (const pendingOf of [USER, 'ALL']) {
      expect(await transactionByHash(bench.db, { ...asked, pendingOf })).toMatchObject({
        ...{ status: 'PENDING', type: 'CREATE_TOKEN', commandId: of.commandId },
      });
    }
    for (const pendingOf of [random.address(), null]) {
      expect(await transactionByHash(bench.db, { ...asked, pendingOf })).toBeNull();
    }
    expect(await transactionByHash(bench.db, asked)).toBeNull();
    expect(await transactionByHash(bench.db, { chainId: OTHER_CHAIN_ID, hash: txHash })).toBeNull();

    const outcome = { kind: 'CREATE_TOKEN', tokenAddress: random.address() } as const;
    await tell(stream, 'RequestConfirmed', { ...mined, outcome });
    expect(await read(of.commandId)).toMatchObject({
      ...{ status: 'CONFIRMED', outcome, token: outcome.tokenAddress, blockNumber: 5 },
    });
    expect(await ids({ token: outcome.tokenAddress })).toEqual([of.commandId]);

    await tell(stream, 'RequestRetracted', { ...of, txHash, blockHash: mined.blockHash });
    expect(await read(of.commandId)).toMatchObject({ status: 'SUBMITTED', token: null, blockNumber: null });
    expect(await ids({ token: outcome.tokenAddress })).toEqual([]);

    await tell(stream, 'RequestConfirmed', { ...mined, blockNumber: 6, outcome });
    await tell(stream, 'RequestFinalized', { ...of, blockNumber: 6 });
    expect(await read(of.commandId)).toMatchObject({ status: 'FINALIZED', blockNumber: 6, outcome });
  });

  it('say why the chain refused one', async () => {
    const { of, stream, mined } = await begin('PoolCreationRequested');
    await tell(stream, 'RequestReverted', { ...mined, reason: 'PoolExists()' });
    expect(await read(of.commandId)).toMatchObject({
      ...{ kind: 'CREATE_POOL', status: 'REVERTED', txHash: mined.txHash, poolId: `0x${'9'.repeat(64)}` },
      ...{ failureCode: 'REVERTED', failureReason: 'PoolExists()' },
    });
  });

  it('show what our sender does for a relayed one', async () => {
    const { of, stream, mined } = await begin('SwapRequested');
    const forward = { from: USER, to: USER, value: '0', gas: '1', nonce: '0', deadline: 1, data: '0x' };
    await tell(stream, 'RelayRequested', { ...of, forward });
    await tell(stream, 'RelayAuthorized', { ...of, signature: '0x00' });
    const attempt = { ...of, attempt: 1, reason: 'the node is away', retryAt: LATER };
    await tell(stream, 'RelayAttemptFailed', attempt);
    expect(await read(of.commandId)).toMatchObject({
      ...{ relayStatus: 'RETRYING', relayFailure: 'the node is away', failureCode: null, txHash: null },
    });
    await tell(`relayer-${CHAIN_ID}-${USER}`, 'RelayerTransactionSigned', {
      ...{ ...of, relayer: USER, nonce: 0, txHash: mined.txHash, rawTransaction: '0x00', replaces: null },
    });
    expect(await read(of.commandId)).toMatchObject({
      ...{ relayStatus: 'SIGNED', relayFailure: null, txHash: mined.txHash, status: 'ACCEPTED' },
    });
  });

  it('are listed newest first by any of what is asked for, page by page', async () => {
    const [asker, stranger] = [random.address(), random.address()];
    const swap = await begin('SwapRequested', asker);
    const removal = await begin('LiquidityRemovalRequested', asker);
    const deactivation = await begin('TokenDeactivationRequested', asker);
    const elsewhere = await begin('SwapRequested', asker, OTHER_CHAIN_ID);
    await begin('SwapRequested', stranger);
    await tell(swap.stream, 'RequestExpired', { ...swap.of, at: LATER });
    await bench.project();
    const newest = [swap, removal, deactivation, elsewhere]
      .map(({ of }) => of.commandId)
      .sort()
      .reverse();
    const of = { requester: asker };
    expect(await ids(of)).toEqual(newest);
    expect(await ids({ ...of, chainId: OTHER_CHAIN_ID })).toEqual([elsewhere.of.commandId]);
    expect(await ids({ ...of, statuses: ['EXPIRED', 'FAILED'] })).toEqual([swap.of.commandId]);
    expect(await ids({ ...of, kinds: ['REMOVE_LIQUIDITY', 'CREATE_TOKEN'] })).toEqual([removal.of.commandId]);
    expect(await ids({ ...of, token: ASKS.TokenDeactivationRequested.tokenAddress })).toEqual([
      deactivation.of.commandId,
    ]);
    expect(await ids({ ...of, poolId: ASKS.SwapRequested.poolId, chainId: CHAIN_ID })).toEqual(
      newest.filter((id) => id === swap.of.commandId || id === removal.of.commandId),
    );
    const first = await listRequests(bench.db, { filter: of, page: { first: 3 } });
    const { endCursor: after } = first.pageInfo;
    const rest = await listRequests(bench.db, { filter: of, page: { first: 3, after } });
    expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).toEqual(newest);
  });

  it('have the commands that were rejected among them, which never hide an accepted one', async () => {
    const address = random.address();
    const rejection = {
      ...{ chainId: CHAIN_ID, address, command: 'swap', code: 'INSUFFICIENT_BALANCE', field: 'amountIn' },
      ...{ reason: 'less is there', inputHash: INPUT_HASH, at: LATER },
    };
    const commandId = random.uuid();
    const { of } = await begin('SwapRequested', address);
    await tell(`user-${address}`, 'CommandRejected', { commandId, ...rejection });
    await tell(`user-${address}`, 'CommandRejected', { ...rejection, commandId: of.commandId });
    expect(await read(commandId)).toMatchObject({
      ...{ status: 'REJECTED', kind: 'swap', terms: null, deadline: null, requestedAt: LATER },
      ...{ failureCode: 'INSUFFICIENT_BALANCE', failureReason: 'less is there', failureField: 'amountIn' },
    });
    expect(await read(of.commandId)).toMatchObject({ status: 'ACCEPTED', kind: 'SWAP', failureCode: null });
    expect(await ids({ requester: address })).toEqual([commandId, of.commandId]);
    expect(await userByAddress(bench.db, address)).toMatchObject({ rejectedCommands: 2 });
    expect(await parkedEvents(bench.pool)).toEqual([]);
  });

  it('that are submitted and not mined stand before what is mined, page by page', async () => {
    for (let i = 0; i < 5; i += 1) {
      await bench.store.append(CHAIN_STREAM, chain.mine([createToken, transfer]), 'any');
    }
    const waiting = [];
    for (const chainId of [CHAIN_ID, CHAIN_ID, CHAIN_ID, OTHER_CHAIN_ID]) {
      const { of, stream, mined } = await begin('LiquidityRemovalRequested', USER, chainId);
      await tell(stream, 'RequestSubmitted', { ...of, txHash: mined.txHash });
      if (chainId === CHAIN_ID) waiting.push(mined.txHash);
    }
    await bench.project();
    const here = { chainId: CHAIN_ID, pendingOf: 'ALL' };
    const all = await listTransactions(bench.db, { ...here, page: { first: 200 } });
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await listTransactions(bench.db, { ...here, page: { first: 2, after } });
      paged.push(...edges.map(({ node }) => node.hash));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(all.edges.map(({ node }) => node.hash));
    expect(new Set(paged).size).toBe(paged.length);
    expect(all.edges.slice(0, 3).map(({ node }) => node.hash)).toEqual(waiting.sort().reverse());
    const statuses = all.edges.map(({ node }) => node.status);
    expect(statuses.filter((status) => status === 'PENDING')).toHaveLength(3);
    expect(statuses.filter((status) => status === 'CONFIRMED').length).toBeGreaterThan(5);
    // The hash of what another chain mined, told to this one.
    const mined = all.edges.at(-1)?.node.hash ?? '';
    const { of, stream } = await begin('SwapRequested', USER, OTHER_CHAIN_ID);
    await tell(stream, 'RequestSubmitted', { ...of, txHash: mined });
    await bench.project();
    const there = { chainId: OTHER_CHAIN_ID, hash: mined, pendingOf: USER };
    expect(await transactionByHash(bench.db, there)).toMatchObject({
      ...{ status: 'PENDING', type: 'SWAP', commandId: of.commandId },
    });
    const pending = await listTransactions(bench.db, {
      ...{ ...here, filter: { statuses: ['PENDING'], user: USER }, page: { first: 9 } },
    });
    expect(pending.edges.map(({ node }) => node.type)).toEqual(Array(3).fill('REMOVE_LIQUIDITY'));
    for (const pendingOf of [random.address(), null]) {
      const told = await listTransactions(bench.db, { ...here, pendingOf, page: { first: 200 } });
      expect(told.edges.map(({ node }) => node.hash)).toEqual(
        all.edges.slice(3).map(({ node }) => node.hash),
      );
    }
  });

  it('claim no transaction of another by telling its hash', async () => {
    await bench.store.append(CHAIN_STREAM, chain.mine([createToken]), 'any');
    await bench.project();
    const { edges } = await listTransactions(bench.db, { chainId: CHAIN_ID, page: { first: 200 } });
    const transaction = edges.map(({ node }) => node).find(({ type }) => type === 'CREATE_TOKEN');
    const hash = transaction?.hash ?? '';
    const tellIt = async (requester: string) => {
      const { of, stream, mined } = await begin('SwapRequested', requester);
      await tell(stream, 'RequestSubmitted', { ...of, txHash: hash });
      await bench.project();
      return { of, stream, mined: { ...mined, txHash: hash } };
    };
    const shown = () => transactionByHash(bench.db, { chainId: CHAIN_ID, hash });
    await tellIt(random.address());
    expect(await shown()).toEqual(transaction);
    const own = await tellIt(transaction?.user ?? '');
    expect(await shown()).toMatchObject({ commandId: own.of.commandId });
    const relayed = await tellIt(random.address());
    const outcome = { kind: 'SWAP', amountIn: '1', amountOut: '1' } as const;
    await tell(relayed.stream, 'RequestConfirmed', { ...relayed.mined, outcome });
    await bench.project();
    expect(await shown()).toMatchObject({ commandId: relayed.of.commandId });
  });
});
