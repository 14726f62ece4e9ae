import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quoteSwap, requestStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { COMMAND, CREATE_TOKEN, SUBMIT_TRANSACTION, SWAP } from './documents.js';
import { signInToken } from './api-client.js';
import { SubscriptionClient } from './subscription-client.js';
import {
  createTokenInput,
  type Market,
  newKey,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  UNIT,
} from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import type { Pulse } from '@abland/postgres';
import { CHAIN_ID, creationFeeFact, swapFacts, TestChain } from './test-chain.js';

const OTHER_ID = 31338;
const REMOVED_ID = 31339;

interface Ready {
  readonly checks: { readonly stages: { readonly troubled: readonly (number | null)[] } };
}
const FEES = { swapFee: 30n, protocolFee: 10n };

let api: TestApi;
let one: TestChain;
let other: TestChain;
let market: Market;
let theirs: Market;
const query = (document: string, variables: object = {}) => api.client.query(document, variables);

/** Two chains with the same contracts, tokens and pool; a swap on the other one alone. */
beforeAll(async () => {
  api = await startTestApi({ chainIds: [CHAIN_ID, OTHER_ID] });
  const [first, second] = api.chains;
  if (first === undefined || second === undefined) throw new Error('Two chains');
  [one, other] = [first, second];
  market = await openMarket(api, one);
  theirs = await openMarket(api, other);
  const { amountOut, reserveIn, reserveOut } = quoteSwap(
    { reserveIn: RESERVE_A, reserveOut: RESERVE_B },
    FEES,
    UNIT,
  );
  const swap = { poolId: theirs.poolId, user: theirs.wallet.address, manager: CONTRACTS.liquidityManager };
  const facts = swapFacts({
    ...{ ...swap, tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: UNIT, amountOut },
    ...{ reserveA: reserveIn, reserveB: reserveOut },
  });
  await other.mine({ facts, txHash: other.nextTxHash() });
  await api.settle();
});
afterAll(() => api.stop());

describe('a deployment with two chains', () => {
  it('asks which one is meant, naming those that there are', async () => {
    const { extensions } = await api.client.refusal('{ tokens { edges { node { symbol } } } }');
    expect(extensions).toMatchObject({
      code: 'CHAIN_REQUIRED',
      field: 'chainId',
      details: { chainIds: [CHAIN_ID, OTHER_ID] },
    });
    const unknown = await api.client.refusal('{ fees(chainId: 1) { swapFeeBps } }');
    expect(unknown.extensions).toMatchObject({
      code: 'UNKNOWN_CHAIN',
      field: 'chainId',
      details: { chainIds: [CHAIN_ID, OTHER_ID] },
    });
    const before = await api.store.head();
    const command = await market.client.refusal(CREATE_TOKEN, { input: createTokenInput() });
    expect(command.extensions).toMatchObject({ code: 'CHAIN_REQUIRED', field: 'chainId' });
    expect(await api.store.head()).toBe(before);
  });

  it('answers of each what lies there, though all has the same addresses on both', async () => {
    expect(theirs.poolId).toBe(market.poolId);
    const read = (chainId: number) =>
      query(
        `query ($chainId: Int!, $pool: Hash!, $token: Address!) {
          _meta(chainId: $chainId) { chainId chainIds chainHead indexedBlock indexedBlockProof indexedBlockProviders }
          token(chainId: $chainId, address: $token) { chainId creator finality { blockHash } analytics { volume24h } }
          pool(chainId: $chainId, id: $pool) { chainId reserveA swapCount creator tokenA { chainId creator } }
          swaps(chainId: $chainId) { edges { node { id chainId } } }
          holders(chainId: $chainId, token: $token) { edges { node { chainId holder } } }
          transactions(chainId: $chainId) { edges { node { chainId } } }
          feeChanges(chainId: $chainId) { edges { node { id chainId } } }
        }`,
        { chainId, pool: market.poolId, token: TOKEN_A },
      );
    const here = await read(CHAIN_ID);
    const there = await read(OTHER_ID);
    expect(here._meta).toEqual({
      chainId: CHAIN_ID,
      chainIds: [CHAIN_ID, OTHER_ID],
      chainHead: one.number,
      indexedBlock: one.number,
      indexedBlockProof: 'RECEIPTS',
      indexedBlockProviders: 1,
    });
    expect(there._meta).toMatchObject({ chainId: OTHER_ID, chainHead: other.number });
    expect(here.pool).toMatchObject({ chainId: CHAIN_ID, swapCount: 0, reserveA: `${RESERVE_A}` });
    expect(there.pool).toMatchObject({ chainId: OTHER_ID, swapCount: 1 });
    expect(here.pool.tokenA).toEqual({ chainId: CHAIN_ID, creator: market.wallet.address });
    expect(there.pool.tokenA).toEqual({ chainId: OTHER_ID, creator: theirs.wallet.address });
    expect(here.token.creator).toBe(market.wallet.address);
    expect(there.token.creator).toBe(theirs.wallet.address);
    expect(here.token.finality.blockHash).toBe(one.blockHash(2));
    expect(there.token.finality.blockHash).toBe(other.blockHash(2));
    expect(here.token.analytics.volume24h).toBe('0');
    expect(there.token.analytics.volume24h).toBe(`${UNIT}`);
    expect(here.swaps.edges).toEqual([]);
    expect(there.swaps.edges).toHaveLength(1);
    expect(there.swaps.edges[0].node.id).toMatch(new RegExp(`^${OTHER_ID}-${other.number}-\\d+$`));
    const chainsOf = ({ edges }: { edges: { node: { chainId: number } }[] }) => [
      ...new Set(edges.map(({ node }) => node.chainId)),
    ];
    for (const list of ['holders', 'transactions', 'feeChanges'] as const) {
      expect(chainsOf(here[list])).toEqual([CHAIN_ID]);
      expect(chainsOf(there[list])).toEqual([OTHER_ID]);
    }
  });

  it('lists the chains with how each is followed, and those that were followed before', async () => {
    const document = `{ chains { chainId state failure headBlock indexedBlock lagBlocks finalityRule finalityDepth proof quorum } }`;
    const followed = {
      state: 'FOLLOWED',
      failure: null,
      lagBlocks: 0,
      finalityRule: 'DEPTH',
      finalityDepth: 5,
    };
    const listed = (chain: TestChain, over: object = {}) => ({
      ...{ chainId: chain.chainId, ...followed, headBlock: chain.number, indexedBlock: chain.number },
      ...{ proof: null, quorum: 1, ...over },
    });
    // How it is followed is told by programs, a moment later each time.
    const chains = async () => (await query(document)).chains;
    await eventually(async () => expect(await chains()).toEqual([listed(one), listed(other)]));
    const before = new TestChain(api.store, api.clock, REMOVED_ID);
    await before.mine();
    await api.settle();
    const removed = listed(before, {
      ...{ state: 'REMOVED', headBlock: null, lagBlocks: null, finalityRule: null, finalityDepth: null },
      quorum: null,
    });
    await eventually(async () => expect(await chains()).toEqual([listed(one), listed(other), removed]));
  });

  it('stays ready while one chain is in trouble, and says which', async () => {
    const probe = async () => {
      const response = await fetch(`${api.client.url}/ready`);
      return { status: response.status, body: (await response.json()) as Ready };
    };
    const troubled = (name: string) => (pulses: readonly Pulse[]) =>
      pulses.map((pulse) => (pulse.part.startsWith(name) ? { ...pulse, failure: 'WRONG_CHAIN' } : pulse));
    api.programs.telling = troubled(`indexer-${OTHER_ID}`);
    await eventually(async () =>
      expect(await probe()).toMatchObject({
        status: 200,
        body: { checks: { stages: { ok: false, troubled: [OTHER_ID] } } },
      }),
    );
    await eventually(async () =>
      expect((await query('{ chains { chainId state failure } }')).chains).toMatchObject([
        { chainId: CHAIN_ID, state: 'FOLLOWED', failure: null },
        { chainId: OTHER_ID, state: 'TROUBLED', failure: 'WRONG_CHAIN' },
        {},
      ]),
    );
    api.programs.telling = troubled('indexer-');
    await eventually(async () =>
      expect(await probe()).toMatchObject({
        status: 503,
        body: { checks: { stages: { troubled: [CHAIN_ID, OTHER_ID] } } },
      }),
    );
    api.programs.telling = (pulses) => pulses;
    await eventually(async () => expect((await probe()).status).toBe(200));
  });

  it('answers of both in one document', async () => {
    const { there, here } = await query(
      `query ($there: Int!, $here: Int!, $pool: Hash!) {
        there: pool(chainId: $there, id: $pool) { tokenA { creator } finality { blockHash } }
        here: pool(chainId: $here, id: $pool) { tokenA { creator } finality { blockHash } }
      }`,
      { there: OTHER_ID, here: CHAIN_ID, pool: market.poolId },
    );
    expect(there.tokenA.creator).toBe(theirs.wallet.address);
    expect(there.finality.blockHash).toBe(other.blockHash(other.number));
    expect(here.tokenA.creator).toBe(market.wallet.address);
    expect(here.finality.blockHash).toBe(one.blockHash(one.number));
  });

  it('takes the same key on the other chain for another command', async () => {
    const { client } = market;
    const input = createTokenInput();
    const give = async (chainId: number) =>
      (await client.query(CREATE_TOKEN, { input: { ...input, chainId } })).receipt;
    const [here, there] = [await give(CHAIN_ID), await give(OTHER_ID)];
    expect([here.chainId, there.chainId]).toEqual([CHAIN_ID, OTHER_ID]);
    expect([here.transaction.chainId, there.transaction.chainId]).toEqual([CHAIN_ID, OTHER_ID]);
    expect(there.commandId).not.toBe(here.commandId);
    expect(await give(CHAIN_ID)).toEqual(here);
    const [event] = await api.events(requestStream(there.commandId));
    expect(event?.data).toMatchObject({ chainId: OTHER_ID });
    await api.settle();
    const { commands } = await client.query(
      `{ commands(chainId: ${OTHER_ID}) { edges { node { commandId chainId } } } }`,
    );
    expect(commands.edges).toEqual([{ node: { commandId: there.commandId, chainId: OTHER_ID } }]);
    const { command } = await client.query(COMMAND, { id: there.commandId });
    expect(command).toMatchObject({ chainId: OTHER_ID, status: 'ACCEPTED' });
  });

  it('judges a command by the chain that it is meant for', async () => {
    const swap = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: UNIT.toString() };
    const give = (chainId: number) =>
      market.client.send(SWAP, { input: { ...swap, chainId, idempotencyKey: newKey() } });
    expect((await give(CHAIN_ID)).data.receipt.status).toBe('ACCEPTED');
    const refused = await give(OTHER_ID);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    const rejected = (await api.events(`user-${market.wallet.address.toLowerCase()}`)).at(-1);
    expect(rejected).toMatchObject({ type: 'CommandRejected', data: { chainId: OTHER_ID } });
  });

  it('counts what a caller signed for our sender on each chain by itself', async () => {
    const nonceAt = async (chainId: number): Promise<string> => {
      const input = createTokenInput({ chainId, execution: 'RELAYED' });
      const { receipt } = await market.client.query(CREATE_TOKEN, { input });
      const { domain, types, message } = receipt.signatureRequest;
      expect(domain.chainId).toBe(`0x${chainId.toString(16)}`);
      const { EIP712Domain: _, ...signed } = types;
      const signature = await market.wallet.signTypedData(domain, signed, message);
      const document = `mutation ($id: Uuid!, $signature: HexData!) { submitSignature(commandId: $id, signature: $signature) { status } }`;
      await market.client.query(document, { id: receipt.commandId, signature });
      await api.settle();
      return message.nonce;
    };
    // Our sender pays gas alone.
    for (const chain of api.chains) {
      await chain.mine({ facts: [creationFeeFact('1000', '0')], txHash: chain.nextTxHash() });
    }
    await api.settle();
    expect([await nonceAt(CHAIN_ID), await nonceAt(OTHER_ID), await nonceAt(CHAIN_ID)]).toEqual([
      '0',
      '0',
      '1',
    ]);
  });

  it('tells a follower of one chain nothing of the other', async () => {
    const jwt = await signInToken(api.client, market.wallet);
    const follower = await SubscriptionClient.connect(api.client.url, { authorization: `Bearer ${jwt}` });
    try {
      await follower.message(({ type }) => type === 'connection_ack');
      follower.subscribe('1', `subscription { commands(chainId: ${OTHER_ID}) { commandId chainId } }`);
      const give = async (chainId: number): Promise<string> =>
        (await market.client.query(CREATE_TOKEN, { input: createTokenInput({ chainId }) })).receipt.commandId;
      const first = await give(OTHER_ID);
      await follower.untilTold(() =>
        market.client.query(SUBMIT_TRANSACTION, { commandId: first, txHash: other.nextTxHash() }),
      );
      await give(CHAIN_ID);
      const commandId = await give(OTHER_ID);
      const told = () =>
        follower.messages
          .filter(({ type }) => type === 'next')
          .map(({ payload }) => payload.data.commands)
          .filter((command) => command.commandId !== first);
      await eventually(() => expect(told().length).toBeGreaterThan(0));
      expect(told()).toEqual([{ commandId, chainId: OTHER_ID }]);
    } finally {
      follower.socket.terminate();
    }
  });
});
