import { chainStream, quoteSwap } from '@abland/domain';
import { Wallet, ZeroAddress } from 'ethers';
import { v4 as uuidv4 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Market, openMarket, RESERVE_A, RESERVE_B, TOKEN_A, TOKEN_B, UNIT } from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID, swapFacts, transferFact } from './test-chain.js';

const TOKEN = '0x1111111111111111111111111111111111111111';
const HOLDERS = `query ($first: Int, $after: Cursor) {
  holders(token: "${TOKEN}", first: $first, after: $after) {
    edges { node { holder balance } }
    pageInfo { hasNextPage endCursor }
  }
}`;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => api.stop());

async function takeBackNewest(): Promise<void> {
  const { chain, store } = api;
  const reverted = {
    id: uuidv4(),
    type: 'BlocksReverted',
    version: 1,
    data: {
      fromNumber: chain.number,
      toNumber: chain.number,
      hashes: [chain.blockHash(chain.number)],
      ancestor: { number: chain.number - 1, hash: chain.blockHash(chain.number - 1) },
    },
    metadata: { correlationId: 'reorg', causationId: null, actor: 'chain' },
  };
  await store.append(chainStream(CHAIN_ID), [reverted], 'any');
  chain.number -= 1;
  await api.settle();
}

describe('pages of who holds a token', () => {
  const wallets = Array.from({ length: 17 }, () => Wallet.createRandom().address);

  beforeAll(async () => {
    const facts = wallets.map((wallet, index) =>
      transferFact(TOKEN, ZeroAddress, wallet, BigInt(index + 1) * 100n),
    );
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
  });

  const page = async (after: string | null) => (await api.client.query(HOLDERS, { first: 5, after })).holders;
  const move = async (from: string, to: string, amount: bigint): Promise<void> => {
    const { chain } = api;
    await chain.mine({ facts: [transferFact(TOKEN, from, to, amount)], txHash: chain.nextTxHash() });
    await api.settle();
  };

  it('have everybody who held throughout once, though balances change between them', async () => {
    const seen: { holder: string; balance: string }[] = [];
    let after: string | null = null;
    for (let turn = 0; ; turn += 1) {
      const { edges, pageInfo } = await page(after);
      seen.push(...edges.map(({ node }: { node: { holder: string; balance: string } }) => node));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
      await move(wallets[16 - turn] ?? '', wallets[turn] ?? '', 1_000n);
    }
    expect(seen.map(({ holder }) => holder)).toEqual([...wallets].reverse());
    expect(seen.map(({ balance }) => balance)).toEqual(
      wallets.map((_, index) => `${(index + 1) * 100}`).reverse(),
    );
  });

  it('say to begin anew where a reorg took their state back', async () => {
    const { pageInfo } = await page(null);
    await takeBackNewest();
    const { extensions } = await api.client.refusal(HOLDERS, { first: 5, after: pageInfo.endCursor });
    expect([extensions.code, extensions.field]).toEqual(['CURSOR_EXPIRED', 'after']);
    expect((await page(null)).edges).toHaveLength(5);
  });
});

describe('a state of the past', () => {
  let market: Market;
  beforeAll(async () => {
    market = await openMarket(api);
    await swapOne();
  });

  const finality = 'finality { status confirmations blockNumber blockHash }';
  const EVERYTHING = `query ($asOf: AsOfInput, $owner: Address!, $pool: Hash!) {
    token(address: "${TOKEN}", asOf: $asOf) { holderCount ${finality} analytics { price { value } volume24h liquidity transactions24h } }
    tokens(asOf: $asOf, sort: MARKET_CAP) { edges { node { address status holderCount } } }
    volumes: tokens(asOf: $asOf, sort: VOLUME) { edges { node { address } } }
    pool(id: $pool, asOf: $asOf) { reserveA swapCount tokenA { symbol holderCount } ${finality} analytics { volume24hA fees24hA apy transactions24h } }
    pools(asOf: $asOf, sort: LIQUIDITY) { edges { node { id reserveB ${finality} } } }
    holders(token: "${TOKEN}", asOf: $asOf, first: 3) { edges { node { holder balance token { holderCount } ${finality} } } }
    portfolio(address: $owner, asOf: $asOf) {
      holdings { edges { node { tokenAddress balance updatedAt } } }
      positions { edges { node { liquidity worthA worthB pool { swapCount } } } }
    }
    candles(poolId: $pool, interval: ONE_DAY, from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z", asOf: $asOf) { close { a b } swaps }
    quote(tokenIn: "${TOKEN_A}", tokenOut: "${TOKEN_B}", amountIn: "1000000", asOf: $asOf) { amountOut fee ${finality} }
    fees(asOf: $asOf) { swapFeeBps protocolFeeBps ${finality} }
    contracts(asOf: $asOf) { address paused }
    _meta { position }
  }`;
  const at = async (asOf: object | null) => {
    const { wallet, poolId: pool } = market;
    const { _meta, ...told } = await api.client.query(EVERYTHING, { asOf, owner: wallet.address, pool });
    return { told, position: _meta.position as string };
  };
  /** How sure what was so is, is known now. */
  const so = (told: unknown): unknown =>
    JSON.parse(JSON.stringify(told), (key, value) => (key === 'finality' ? undefined : (value as unknown)));

  let reserves = { reserveIn: RESERVE_A, reserveOut: RESERVE_B };
  async function swapOne(): Promise<void> {
    const { amountOut, reserveIn, reserveOut } = quoteSwap(
      reserves,
      { swapFee: 30n, protocolFee: 10n },
      UNIT,
    );
    reserves = { reserveIn, reserveOut };
    const sides = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: UNIT, amountOut };
    const facts = swapFacts({
      ...{ poolId: market.poolId, user: market.wallet.address, manager: CONTRACTS.liquidityManager },
      ...{ ...sides, reserveA: reserveIn, reserveB: reserveOut },
    });
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
  }

  it('is told as it was, by block, time of the chain, position and time of recording', async () => {
    const { chain, clock } = api;
    const before = await at(null);
    const block = chain.number;
    const recordedAt = new Date(clock()).toISOString();
    const { data } = await api.client.send('{ _meta { indexedBlock indexedBlockTime } }');
    clock.advance(5_000);
    await chain.finalize(block - 2);
    await swapOne();
    await chain.mine({
      facts: [transferFact(TOKEN, ZeroAddress, Wallet.createRandom().address, 5n)],
      txHash: chain.nextTxHash(),
    });
    await api.settle();
    expect(so((await at(null)).told)).not.toEqual(so(before.told));
    expect(so((await at({ block })).told)).toEqual(so(before.told));
    expect(so((await at({ blockTime: data._meta.indexedBlockTime })).told)).toEqual(so(before.told));
    expect((await at({ position: before.position })).told).toEqual(before.told);
    expect((await at({ recordedAt })).told).toEqual(before.told);
  });

  it('is what this API told, or what was so on the chain, where a reorg lies between', async () => {
    await swapOne();
    const before = await at(null);
    await takeBackNewest();
    const after = await at(null);
    expect(so(after.told)).not.toEqual(so(before.told));
    expect((await at({ position: before.position })).told).toEqual(before.told);
    expect(so((await at({ block: api.chain.number })).told)).toEqual(so(after.told));
  });

  it('is read page by page, and each page only as of one state', async () => {
    const PAGE = `query ($asOf: AsOfInput, $after: Cursor) {
      holders(token: "${TOKEN}", asOf: $asOf, first: 2, after: $after) { edges { node { holder } } pageInfo { endCursor } }
    }`;
    const asOf = { block: api.chain.number - 1 };
    const first = (await api.client.query(PAGE, { asOf })).holders;
    const after = first.pageInfo.endCursor as string;
    const second = (await api.client.query(PAGE, { asOf, after })).holders;
    const seen = [...first.edges, ...second.edges].map(
      ({ node }: { node: { holder: string } }) => node.holder,
    );
    expect(new Set(seen).size).toBe(4);
    const { extensions } = await api.client.refusal(PAGE, { asOf: { block: 1 }, after });
    expect(extensions.code).toBe('CURSOR_EXPIRED');
  });

  it.each([
    [{}, 'INVALID_ARGUMENT', 'asOf'],
    [{ block: 1, position: '1' }, 'INVALID_ARGUMENT', 'asOf'],
    [{ block: -1 }, 'INVALID_ARGUMENT', 'asOf.block'],
    [{ block: 2 ** 31 - 1 }, 'AS_OF_IN_FUTURE', 'asOf.block'],
    [{ block: 0 }, 'AS_OF_BEFORE_FIRST', 'asOf.block'],
    [{ blockTime: 'yesterday' }, 'INVALID_ARGUMENT', 'asOf.blockTime'],
    [{ blockTime: '2999-01-01T00:00:00Z' }, 'AS_OF_IN_FUTURE', 'asOf.blockTime'],
    [{ blockTime: '2001-01-01T00:00:00Z' }, 'AS_OF_BEFORE_FIRST', 'asOf.blockTime'],
    [{ recordedAt: '2999-01-01T00:00:00.5Z' }, 'AS_OF_IN_FUTURE', 'asOf.recordedAt'],
    [{ recordedAt: '2001-01-01T00:00:00Z' }, 'AS_OF_BEFORE_FIRST', 'asOf.recordedAt'],
    [{ position: '-1' }, 'INVALID_ARGUMENT', 'asOf.position'],
    [{ position: '99999999999999999999' }, 'AS_OF_IN_FUTURE', 'asOf.position'],
    [{ position: '0' }, 'AS_OF_BEFORE_FIRST', 'asOf.position'],
  ])('is refused where there is none: %j', async (asOf, code, field) => {
    const { extensions } = await api.client.refusal(
      `query ($asOf: AsOfInput) { pools(asOf: $asOf) { edges { node { id } } } }`,
      { asOf },
    );
    expect([extensions.code, extensions.field]).toEqual([code, field]);
  });

  it('is explained by its events, with those that a reorg took back', async () => {
    const EXPLAIN = `query ($key: [String!]!, $after: Cursor) {
      explain(table: "pools", key: $key) {
        isWhole
        events(first: 2, after: $after) {
          edges { node { type position eventId stream actor blockNumber blockHash txHash logIndex commandId takenBackAt before } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`;
    const told: { type: string; position: string; takenBackAt: string | null }[] = [];
    const key = [`${CHAIN_ID}`, market.poolId];
    for (let after: string | null = null; ;) {
      const { isWhole, events } = (await api.client.query(EXPLAIN, { key, after })).explain;
      expect(isWhole).toBe(true);
      told.push(...events.edges.map(({ node }: { node: (typeof told)[number] }) => node));
      if (!events.pageInfo.hasNextPage) break;
      after = events.pageInfo.endCursor as string;
    }
    expect(told.at(-1)).toMatchObject({
      ...{
        type: 'PoolCreated',
        actor: 'chain',
        stream: chainStream(CHAIN_ID),
        before: null,
        takenBackAt: null,
      },
      ...{ txHash: expect.any(String), blockNumber: expect.any(Number), commandId: null },
    });
    const reorg = told.find(({ type }) => type === 'BlocksReverted');
    const takenBack = told.filter(({ takenBackAt }) => takenBackAt === reorg?.position);
    expect(takenBack.map(({ type }) => type)).toEqual(['Sync', 'Swap']);
    expect(told.filter(({ type }) => type === 'Swap').length).toBeGreaterThan(takenBack.length);
  });

  it.each([
    [{ table: 'tokens_of_others', key: [] }, 'INVALID_ARGUMENT', 'table'],
    [{ table: 'pools', key: ['1'] }, 'INVALID_ARGUMENT', 'key'],
    [{ table: 'pools', key: ['one', 'two'] }, 'INVALID_ARGUMENT', 'key'],
    [{ table: 'requests', key: ['1'] }, 'FORBIDDEN', null],
  ])('is not explained where there is nothing to tell, or not to anybody: %j', async (of, code, field) => {
    const { extensions } = await api.client.refusal(
      `query ($table: String!, $key: [String!]!) { explain(table: $table, key: $key) { isWhole } }`,
      of,
    );
    expect([extensions.code, extensions.field]).toEqual([code, field]);
  });

  it('is refused where it is older than what is kept', async () => {
    const READ = '{ token(address: "' + TOKEN + '", asOf: { block: 1 }) { name } }';
    await api.client.query(READ);
    await api.pool.query('UPDATE projections.builds SET kept_from = position');
    const { extensions } = await api.client.refusal(READ);
    expect([extensions.code, extensions.field]).toEqual(['AS_OF_NOT_KEPT', 'asOf.block']);
  });
});
