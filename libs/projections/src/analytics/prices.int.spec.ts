import { MemoryEventStore } from '@abland/event-store';
import { spotPrice, worthAt } from '@abland/domain';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Deed, Fact } from '@abland/testing/market';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { listTokens } from '../tokens/list-tokens.js';
import { tokenAnalytics } from './token-analytics.js';

const HOUR = 3_600;
const ALICE = `0x${'a'.repeat(40)}`;
const ZERO = `0x${'0'.repeat(40)}`;
const address = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`;
const [GOLD, IRON, STRANGE] = [address(0x11), address(0x22), address(0x99)];
const poolOf = (tokenA: string, tokenB: string): string => `0x${tokenA.slice(-32)}${tokenB.slice(-32)}`;

const tokenOf =
  (tokenAddress: string, supply: bigint, decimals: number): Deed =>
  () => [
    { type: 'Transfer', data: { contract: tokenAddress, from: ZERO, to: ALICE, amount: `${supply}` } },
    {
      type: 'TokenCreated',
      data: { tokenAddress, creator: ALICE, name: 'A', symbol: 'A', totalSupply: `${supply}` },
    },
    { type: 'TokenMetadataUpdated', data: { tokenAddress, decimals, metadataURI: '' } },
  ];
const added = (poolId: string, user: string, a: bigint, b: bigint, liquidity: bigint): Fact => ({
  type: 'LiquidityAdded',
  data: { user, poolId, amountA: `${a}`, amountB: `${b}`, liquidity: `${liquidity}` },
});
const synced = (poolId: string, a: bigint, b: bigint): Fact => ({
  type: 'Sync',
  data: { poolId, reserveA: `${a}`, reserveB: `${b}` },
});
const opened =
  (tokenA: string, tokenB: string, a: bigint, b: bigint): Deed =>
  () => {
    const poolId = poolOf(tokenA, tokenB);
    return [
      { type: 'PoolCreated', data: { poolId, tokenA, tokenB } },
      added(poolId, ZERO, 0n, 0n, 1_000n),
      added(poolId, ALICE, a, b, 1_000n),
      synced(poolId, a, b),
    ];
  };
const sold =
  (tokenA: string, tokenB: string, paid: bigint, got: bigint, a: bigint, b: bigint): Deed =>
  () => {
    const poolId = poolOf(tokenA, tokenB);
    const swap = { tokenIn: tokenA, tokenOut: tokenB, amountIn: `${paid}`, amountOut: `${got}` };
    return [{ type: 'Swap', data: { user: ALICE, poolId, ...swap } }, synced(poolId, a, b)];
  };

describe('prices', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(new SeededRandom(7), HOUR);
    bench.start();
  });
  afterAll(async () => bench.close());

  const mine = async (...deeds: Deed[]): Promise<void> => {
    await bench.store.append(chain.stream, chain.mine(deeds), 'any');
    await bench.level();
  };
  const figures = async (token: string) => {
    const input = { chainId: CHAIN_ID, addresses: [token], now: chain.head?.time ?? 0 };
    return (await tokenAnalytics(bench.db, input)).get(token);
  };

  it('fall by three quarters where the only trade takes them from 1 to 0.25', async () => {
    await mine(tokenOf(GOLD, 10_000n, 0), tokenOf(IRON, 20_000n, 0));
    await mine(opened(GOLD, IRON, 1_000n, 1_000n));
    expect(await figures(GOLD)).toMatchObject({ price: { value: '1' }, priceChange24h: '0' });
    await mine(sold(GOLD, IRON, 1_000n, 500n, 2_000n, 500n));
    expect(await figures(GOLD)).toMatchObject({ price: { value: '0.25' }, priceChange24h: '-75' });
    expect(await figures(IRON)).toMatchObject({ price: { value: '4' }, priceChange24h: '300' });
  });

  it('are compared with what they were when the window began, also when nobody trades in it', async () => {
    for (let hour = 0; hour < 23; hour += 1) await mine();
    // The trade came an hour into the window, then at its beginning, and is not in it any more.
    expect(await figures(GOLD)).toMatchObject({ priceChange24h: '-75' });
    await mine();
    expect(await figures(GOLD)).toMatchObject({ priceChange24h: '0', transactions24h: 0 });
    await mine(() => [synced(poolOf(GOLD, IRON), 2_000n, 1_000n)]);
    expect(await figures(GOLD)).toMatchObject({ priceChange24h: '100' });
  });

  it('are exact but without a number of whole tokens where a stranger’s token tells no decimals', async () => {
    await mine(opened(GOLD, STRANGE, 5_000n, 10_000n));
    expect(await figures(GOLD)).toMatchObject({
      price: { quoteToken: STRANGE, numerator: '10000', denominator: '5000', value: null },
      marketCap: '20000',
      priceChange24h: '0',
    });
    const listed = await listTokens(bench.db, {
      ...{ chainId: CHAIN_ID, sort: 'MARKET_CAP', now: chain.head?.time ?? 0 },
      page: { first: 10 },
    });
    expect(listed.edges.map(({ node }) => node.address)).toEqual([IRON, GOLD]);
  });

  it('rank tokens by the worth that each of them is shown with', async () => {
    const random = new SeededRandom(11);
    const amountOf = () => 10n ** BigInt(random.below(25)) + random.amount(10n ** 12n);
    const [SILVER, ZINC] = [address(0x33), address(0x44)];
    await mine(tokenOf(SILVER, 10n ** 12n, 6), tokenOf(ZINC, 10n ** 24n, 18));
    const quotes = [
      { quote: IRON, quoteDecimals: 0 },
      { quote: SILVER, quoteDecimals: 6 },
      { quote: ZINC, quoteDecimals: 18 },
    ];
    const worths: { readonly token: string; readonly worth: bigint }[] = [];
    for (let index = 0; index < 20; index += 1) {
      const token = address(0x1000 + index);
      const [decimals, supply, a, b] = [random.below(19), amountOf(), amountOf(), amountOf()];
      const { quote, quoteDecimals } = random.pick(quotes);
      await mine(tokenOf(token, supply, decimals), opened(quote, token, a, b));
      const price = spotPrice(a, b);
      if (price !== null)
        worths.push({ token, worth: worthAt(supply * 10n ** BigInt(18 - quoteDecimals), price) });
      const shown = price === null ? null : worthAt(supply, price).toString();
      expect(await figures(token)).toMatchObject({ marketCap: shown });
    }
    worths.sort((one, other) => (one.worth > other.worth ? -1 : 1));
    const listed = await listTokens(bench.db, {
      ...{ chainId: CHAIN_ID, sort: 'MARKET_CAP', now: chain.head?.time ?? 0 },
      page: { first: 50 },
    });
    const ours = new Set(worths.map(({ token }) => token));
    expect(listed.edges.map(({ node }) => node.address).filter((token) => ours.has(token))).toEqual(
      worths.map(({ token }) => token),
    );
  });
});
