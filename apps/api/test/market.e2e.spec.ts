import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quoteSwap, quoteSwapExactOut } from '@abland/domain';
import { Wallet } from 'ethers';
import {
  type Market,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  UNIT,
} from './market-fixture.js';
import { describeFigures } from './market-figures.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { swapFacts } from './test-chain.js';

const FEES = { swapFee: 30n, protocolFee: 10n };
const RESERVES = { reserveIn: RESERVE_A, reserveOut: RESERVE_B };

let api: TestApi;
let market: Market;
let trader: string;
let swapHash: string;
const query = (document: string, variables: object = {}) => api.client.query(document, variables);

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
  trader = market.wallet.address;
  swapHash = api.chain.nextTxHash();
  const { amountOut, reserveIn, reserveOut } = quoteSwap(RESERVES, FEES, UNIT);
  const facts = swapFacts({
    poolId: market.poolId,
    user: trader,
    manager: CONTRACTS.liquidityManager,
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: UNIT,
    amountOut,
    reserveA: reserveIn,
    reserveB: reserveOut,
  });
  const cost = { gasUsed: '84120', gasPrice: '7', dataFee: '50', total: '588890' };
  const sent = { value: '9', input: '0x12345678', inputBytes: 4 };
  const data = { txHash: swapHash, payer: trader, ...cost, ...sent };
  const paid = { type: 'TransactionPaid', version: 2, data };
  await api.chain.mine({ facts: [...facts, paid], txHash: swapHash });
  await api.chain.finalize(4);
  await api.settle();
});
afterAll(() => api.stop());

describe('_meta', () => {
  it('tells where the answers stand', async () => {
    const { _meta } = await query(
      '{ _meta { chainId chainHead indexedBlock indexedBlockHash finalizedBlock position logHead lagBlocks lagSeconds contracts { tokenFactory forwarder } } }',
    );
    expect(_meta).toMatchObject({
      chainId: 31337,
      chainHead: 6,
      indexedBlock: 6,
      finalizedBlock: 4,
      lagBlocks: 0,
      lagSeconds: 0,
      contracts: { tokenFactory: CONTRACTS.tokenFactory, forwarder: CONTRACTS.forwarder },
    });
    expect(_meta.position).toBe(_meta.logHead);
  });
});

describe('tokens', () => {
  const TOKENS = `query ($first: Int, $after: Cursor, $filter: TokenFilterInput, $sort: TokenSort) {
    tokens(first: $first, after: $after, filter: $filter, sort: $sort) {
      edges { cursor node { symbol } }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }`;
  const symbols = (connection: { edges: { node: { symbol: string } }[] }) =>
    connection.edges.map(({ node }) => node.symbol);

  it('tell their figures and their finality', async () => {
    const { token } = await query(
      `query ($address: Address!) { token(address: $address) {
        chainId address status name symbol decimals totalSupply creator holderCount createdAt
        finality { status confirmations blockNumber blockHash blockTime }
        analytics { referencePoolId price { quoteToken value } priceChange24h volume24h holders transactions24h liquidity }
      } }`,
      { address: TOKEN_A },
    );
    expect(token).toMatchObject({
      chainId: 31337,
      status: 'DEPLOYED',
      symbol: 'AUR',
      totalSupply: (1_000_000n * UNIT).toString(),
      creator: trader,
      holderCount: 2,
      finality: { status: 'FINAL', confirmations: 5, blockNumber: 2 },
      analytics: {
        referencePoolId: market.poolId,
        price: { quoteToken: TOKEN_B },
        volume24h: UNIT.toString(),
        transactions24h: 1,
        holders: 2,
      },
    });
    expect(token.finality.blockHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(token.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    expect(token.analytics.price.value).toMatch(/^0\.4999/);
    // The only trade took it from the pool's first reserves to its last: it is compared with those, not with itself.
    const { reserveIn, reserveOut } = quoteSwap(RESERVES, FEES, UNIT);
    const factor = (Number(reserveOut) / Number(reserveIn)) * (Number(RESERVE_A) / Number(RESERVE_B));
    expect(Number(token.analytics.priceChange24h)).toBeLessThan(0);
    expect(Number(token.analytics.priceChange24h)).toBeCloseTo((factor - 1) * 100, 6);
  });

  it('are found by search, creator and state', async () => {
    expect(symbols((await query(TOKENS, { filter: { search: 'bore' } })).tokens)).toEqual(['BOR']);
    expect(symbols((await query(TOKENS, { filter: { search: '0x3333' } })).tokens)).toEqual(['CIR']);
    const nobody = Wallet.createRandom().address;
    expect(symbols((await query(TOKENS, { filter: { creator: nobody } })).tokens)).toEqual([]);
    expect(symbols((await query(TOKENS, { filter: { statuses: ['DEACTIVATED'] } })).tokens)).toEqual([]);
  });

  it('come in pages that miss nothing and repeat nothing, in every order', async () => {
    for (const sort of ['NEWEST', 'HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME']) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { tokens } = await query(TOKENS, { first: 1, after, sort });
        seen.push(...symbols(tokens));
        expect(tokens.pageInfo.hasPreviousPage).toBe(after !== null);
        after = tokens.pageInfo.hasNextPage ? tokens.pageInfo.endCursor : null;
      } while (after !== null);
      expect([...seen].sort()).toEqual(['AUR', 'BOR', 'CIR']);
    }
  });

  it('refuse pages that are too large, too small, or after a cursor of another list', async () => {
    const refused = async (variables: object) => {
      const { extensions } = await api.client.refusal(TOKENS, variables);
      return [extensions.code, extensions.field];
    };
    expect(await refused({ first: 101 })).toEqual(['INVALID_PAGINATION', 'first']);
    expect(await refused({ first: 0 })).toEqual(['INVALID_PAGINATION', 'first']);
    expect(await refused({ after: 'nonsense' })).toEqual(['INVALID_PAGINATION', 'after']);
    const { tokens } = await query(TOKENS, { first: 1, sort: 'HOLDERS' });
    expect(await refused({ first: 1, sort: 'NEWEST', after: tokens.pageInfo.endCursor })).toEqual([
      'INVALID_PAGINATION',
      'after',
    ]);
    expect(await refused({ filter: { search: ' ' } })).toEqual(['INVALID_SEARCH', 'search']);
    expect(await refused({ filter: { creator: '0x1' } })).toEqual(['INVALID_ADDRESS', 'creator']);
  });

  it('trend by what was traded of them and how their price moved', async () => {
    const { trendingTokens, up, down } = await query(
      `{ trendingTokens(limit: 5) { traders24h swaps24h volumeWorth24h priceChange24h score token { symbol } }
         up: topMovers(direction: UP, limit: 5) { priceChange24h token { symbol } }
         down: topMovers(direction: DOWN, limit: 5) { priceChange24h token { symbol } } }`,
    );
    expect(trendingTokens).toMatchObject([
      { traders24h: 1, swaps24h: 1, token: { symbol: 'BOR' } },
      { traders24h: 1, swaps24h: 1, token: { symbol: 'AUR' } },
    ]);
    for (const { priceChange24h, score, volumeWorth24h } of trendingTokens) {
      const factor = (100 + Number(priceChange24h)) / 100;
      expect(Number(score) / (Number(volumeWorth24h) * factor)).toBeCloseTo(1, 6);
    }
    // The one that was bought rose, the one that was sold for it fell.
    expect([up, down]).toMatchObject([[{ token: { symbol: 'BOR' } }], [{ token: { symbol: 'AUR' } }]]);
    expect(Number(up[0].priceChange24h)).toBeGreaterThan(0);
    expect(Number(down[0].priceChange24h)).toBeLessThan(0);
  });

  it('are priced in any token that pools lead to', async () => {
    const PRICE = `query ($token: Address!, $in: Address!) {
      token(address: $token) { priceIn(quoteToken: $in) { quoteToken numerator denominator poolIds value } analytics { price { value } } } }`;
    const { token } = await query(PRICE, { token: TOKEN_A, in: TOKEN_B });
    const { value } = token.analytics.price;
    expect(token.priceIn).toMatchObject({ quoteToken: TOKEN_B, poolIds: [market.poolId], value });
    const { token: own } = await query(PRICE, { token: TOKEN_A, in: TOKEN_A });
    expect(own.priceIn).toMatchObject({ poolIds: [], value: '1' });
    expect((await query(PRICE, { token: TOKEN_A, in: TOKEN_C })).token.priceIn).toBeNull();
  });

  it('are found by what they are worth at least', async () => {
    // A million of each, at about half a boreal and two aurora.
    const worth = async (minMarketCap: string, sort = 'NEWEST') =>
      symbols((await query(TOKENS, { filter: { minMarketCap }, sort })).tokens).sort();
    expect(await worth('0')).toEqual(['AUR', 'BOR', 'CIR']);
    for (const sort of ['NEWEST', 'HOLDERS', 'MARKET_CAP', 'LIQUIDITY', 'VOLUME']) {
      expect(await worth('1', sort)).toEqual(['AUR', 'BOR']);
      expect(await worth('1900000', sort)).toEqual(['BOR']);
    }
    const { extensions } = await api.client.refusal(TOKENS, { filter: { minMarketCap: '-1' } });
    expect([extensions.code, extensions.field]).toEqual(['INVALID_ARGUMENT', 'minMarketCap']);
  });

  it('are none where the chain has none', async () => {
    const unknown = '{ token(address: "0x4444444444444444444444444444444444444444") { symbol } }';
    expect(await query(unknown)).toEqual({ token: null });
  });
});

describe('pools', () => {
  it('tell reserves, tokens, figures and finality', async () => {
    const { pool, pools } = await query(
      `query ($id: Hash!, $token: Address) {
        pool(id: $id) {
          id reserveA reserveB totalLiquidity swapCount creator
          tokenA { symbol } tokenB { symbol }
          finality { status blockNumber }
          analytics { volume24hA fees24hA apy transactions24h }
        }
        pools(filter: { token: $token }, sort: LIQUIDITY) { edges { node { id } } }
      }`,
      { id: market.poolId, token: TOKEN_B },
    );
    const { reserveIn, reserveOut } = quoteSwap(RESERVES, FEES, UNIT);
    expect(pool).toMatchObject({
      id: market.poolId,
      reserveA: reserveIn.toString(),
      reserveB: reserveOut.toString(),
      swapCount: 1,
      creator: trader,
      tokenA: { symbol: 'AUR' },
      tokenB: { symbol: 'BOR' },
      finality: { status: 'CONFIRMED', blockNumber: 6 },
      analytics: { volume24hA: UNIT.toString(), fees24hA: ((UNIT * 3n) / 1000n).toString() },
    });
    expect(pools.edges).toEqual([{ node: { id: market.poolId } }]);
  });
});

describe('quote', () => {
  const QUOTE = `query ($in: Address!, $out: Address!, $amountIn: BigIntString, $amountOut: BigIntString, $slippage: Int) {
    quote(tokenIn: $in, tokenOut: $out, amountIn: $amountIn, amountOut: $amountOut, slippageBps: $slippage) {
      poolId amountIn amountOut amountOutMin fee protocolFee priceImpactBps slippageBps finality { blockNumber }
    }
  }`;
  const pair = { in: TOKEN_A, out: TOKEN_B };
  const after = () => {
    const { reserveIn, reserveOut } = quoteSwap(RESERVES, FEES, UNIT);
    return { reserveIn, reserveOut };
  };

  it('tells what the contract would pay for an exact amount', async () => {
    const amountIn = 1000n * UNIT;
    const { quote } = await query(QUOTE, { ...pair, amountIn: amountIn.toString(), slippage: 100 });
    const expected = quoteSwap(after(), FEES, amountIn);
    expect(quote).toEqual({
      poolId: market.poolId,
      amountIn: amountIn.toString(),
      amountOut: expected.amountOut.toString(),
      amountOutMin: ((expected.amountOut * 99n) / 100n).toString(),
      fee: expected.fee.toString(),
      protocolFee: expected.protocolPart.toString(),
      priceImpactBps: expected.priceImpactBps,
      slippageBps: 100,
      finality: { blockNumber: 6 },
    });
  });

  it('tells the least amount for an exact payment', async () => {
    const { quote } = await query(QUOTE, { ...pair, amountOut: UNIT.toString() });
    const expected = quoteSwapExactOut(after(), FEES, UNIT);
    expect(quote).toMatchObject({
      amountIn: expected.amountIn.toString(),
      amountOut: expected.amountOut.toString(),
    });
  });

  it('refuses what it cannot answer', async () => {
    const refused = async (variables: object) => {
      const { extensions } = await api.client.refusal(QUOTE, { ...pair, ...variables });
      return [extensions.code, extensions.field];
    };
    const amountIn = UNIT.toString();
    expect(await refused({})).toEqual(['INVALID_ARGUMENT', 'amountIn']);
    expect(await refused({ amountIn, amountOut: '1' })).toEqual(['INVALID_ARGUMENT', 'amountIn']);
    expect(await refused({ amountIn: '0' })).toEqual(['INVALID_AMOUNT', 'amountIn']);
    expect(await refused({ amountIn, out: TOKEN_C })).toEqual(['UNKNOWN_POOL', 'tokenOut']);
    expect(await refused({ amountIn, out: TOKEN_A })).toEqual(['IDENTICAL_TOKENS', 'tokenOut']);
    expect(await refused({ amountOut: RESERVE_B.toString() })).toEqual([
      'INSUFFICIENT_LIQUIDITY',
      'amountOut',
    ]);
    expect(await refused({ amountIn, slippage: 5001 })).toEqual(['SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps']);
  });
});

describe('trades and holdings', () => {
  it('list swaps, candles and transactions', async () => {
    const from = new Date(api.clock() - 86_400_000).toISOString();
    const to = new Date(api.clock() + 86_400_000).toISOString();
    const { swaps, candles, transaction, transactions } = await query(
      `query ($pool: Hash!, $user: Address, $from: DateTime!, $to: DateTime!, $hash: Hash!) {
        swaps(filter: { user: $user }) { edges { node { txHash tokenIn amountIn finality { status } } } }
        candles(poolId: $pool, interval: ONE_DAY, from: $from, to: $to) { open { a b } swaps volumeA finality { status } }
        transaction(hash: $hash) { type status user finality { blockNumber } cost { payer gasUsed gasPrice dataFee total } sent { value input inputBytes } }
        transactions(first: 2, filter: { types: [SWAP, CREATE_POOL] }) { edges { node { hash type } } }
      }`,
      { pool: market.poolId, user: trader, from, to, hash: swapHash },
    );
    const node = {
      txHash: swapHash,
      tokenIn: TOKEN_A,
      amountIn: UNIT.toString(),
      finality: { status: 'CONFIRMED' },
    };
    expect(swaps.edges).toEqual([{ node }]);
    expect(candles).toMatchObject([{ open: { a: UNIT.toString() }, swaps: 1, volumeA: UNIT.toString() }]);
    expect(transaction).toEqual({
      type: 'SWAP',
      status: 'CONFIRMED',
      user: trader,
      finality: { blockNumber: 6 },
      cost: { payer: trader, gasUsed: '84120', gasPrice: '7', dataFee: '50', total: '588890' },
      sent: { value: '9', input: '0x12345678', inputBytes: 4 },
    });
    expect(transactions.edges.map((edge: { node: { type: string } }) => edge.node.type)).toEqual([
      'SWAP',
      'CREATE_POOL',
    ]);
  });

  it('refuse candles of a time that is none or ends before it begins', async () => {
    const refused = async (from: string, to: string) => {
      const document = `{ candles(poolId: "${market.poolId}", interval: ONE_HOUR, from: "${from}", to: "${to}") { swaps } }`;
      const { extensions } = await api.client.refusal(document);
      return [extensions.code, extensions.field];
    };
    expect(await refused('yesterday', '2026-01-01T00:00:00Z')).toEqual(['INVALID_ARGUMENT', 'from']);
    expect(await refused('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')).toEqual(['INVALID_ARGUMENT', 'to']);
  });

  it('list holders by balance and what an address holds and provides', async () => {
    const { holders, portfolio } = await query(
      `query ($token: Address!, $owner: Address!) {
        holders(token: $token) { edges { node { holder balance finality { status } } } }
        portfolio(address: $owner) {
          holdings { edges { node { token { symbol } balance } } }
          positions { edges { node { liquidity worthA pool { id tokenA { symbol } } } } }
        }
      }`,
      { token: TOKEN_A, owner: trader.toLowerCase() },
    );
    expect(holders.edges.map((edge: { node: { holder: string } }) => edge.node.holder)).toEqual([
      trader,
      CONTRACTS.liquidityManager,
    ]);
    expect(
      portfolio.holdings.edges.map((edge: { node: { token: { symbol: string } } }) => edge.node.token.symbol),
    ).toEqual(['AUR', 'BOR', 'CIR']);
    expect(portfolio.positions.edges).toMatchObject([
      { node: { pool: { id: market.poolId, tokenA: { symbol: 'AUR' } } } },
    ]);
  });
});

describeFigures(() => ({ api, market, swap: quoteSwap(RESERVES, FEES, UNIT) }));

describe('a list', () => {
  it('reads what its rows share in one query, however many they are', async () => {
    const statements: string[] = [];
    const original = api.pool.connect.bind(api.pool);
    const spied = async (...told: Parameters<typeof original>) => {
      // Statements by themselves, of whoever looks after the whole: they take no part in this.
      if (told.length > 0) return original(...told);
      const client = await original();
      const run = client.query.bind(client);
      client.query = ((...args: Parameters<typeof run>) => {
        statements.push(JSON.stringify(args[0]));
        return run(...args);
      }) as typeof client.query;
      const release = client.release.bind(client);
      client.release = (error) => {
        client.query = run;
        client.release = release;
        release(error);
      };
      return client;
    };
    api.pool.connect = spied as typeof api.pool.connect;
    try {
      await query('{ tokens { edges { node { finality { blockHash } analytics { volume24h } } } } }');
    } finally {
      api.pool.connect = original;
    }
    const of = (text: string) => statements.filter((statement) => statement.includes(text));
    expect(of('read_model\\".\\"blocks')).toHaveLength(1);
    expect(of('own_reserve')).toHaveLength(1);
  });
});
