import { MemoryEventStore } from '@abland/event-store';
import type { Deed, Fact } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { listTokens, type TokenSort } from '../tokens/list-tokens.js';
import { tokenAnalytics } from './token-analytics.js';

const ZERO = `0x${'0'.repeat(40)}`;
const CREATOR = `0x${'c'.repeat(40)}`;
const ATTACKER = `0x${'e'.repeat(40)}`;
const TOKENS = 8;
const ATTACKS = 60;
const address = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`;
const ours = Array.from({ length: TOKENS }, (_, index) => address(0x1000 + index));
const UINT112 = 2n ** 112n;

const tokenOf =
  (tokenAddress: string, supply: bigint, decimals: number): Deed =>
  () => [
    { type: 'Transfer', data: { contract: tokenAddress, from: ZERO, to: CREATOR, amount: `${supply}` } },
    {
      type: 'TokenCreated',
      data: { tokenAddress, creator: CREATOR, name: 'A', symbol: 'A', totalSupply: `${supply}` },
    },
    { type: 'TokenMetadataUpdated', data: { tokenAddress, decimals, metadataURI: '' } },
  ];

/** A pool and a swap of everything that it was opened with. */
const opened =
  (user: string, one: string, oneReserve: bigint, other: string, otherReserve: bigint): Deed =>
  () => {
    const inOrder = one < other;
    const [tokenA, tokenB] = inOrder ? [one, other] : [other, one];
    const [a, b] = inOrder ? [oneReserve, otherReserve] : [otherReserve, oneReserve];
    const poolId = `0x${tokenA.slice(-32)}${tokenB.slice(-32)}`;
    const added = (by: string, amountA: bigint, amountB: bigint): Fact => ({
      type: 'LiquidityAdded',
      data: { user: by, poolId, amountA: `${amountA}`, amountB: `${amountB}`, liquidity: '1000' },
    });
    const synced: Fact = { type: 'Sync', data: { poolId, reserveA: `${a}`, reserveB: `${b}` } };
    return [
      { type: 'PoolCreated', data: { poolId, tokenA, tokenB } },
      ...[added(ZERO, 0n, 0n), added(user, a, b), synced],
      {
        type: 'Swap',
        data: { user, poolId, tokenIn: tokenA, tokenOut: tokenB, amountIn: `${a}`, amountOut: `${b}` },
      },
      synced,
    ];
  };

describe('a stranger’s pool', () => {
  const random = new SeededRandom(23);
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    chain = new SimulatedChain(new SeededRandom(5), 12);
    bench.start();
  });
  afterAll(async () => bench.close());

  const mine = async (...deeds: Deed[]): Promise<void> => {
    await bench.store.append(chain.stream, chain.mine(deeds), 'any');
    await bench.level();
  };
  const told = async (token: string, decimals: number): Promise<void> => {
    const { number = 0, hash = '', time = 0 } = chain.head ?? {};
    const place = { chainId: CHAIN_ID, blockNumber: number, blockHash: hash, blockTime: time };
    const missing = { name: null, symbol: null, decimals: null };
    const event = {
      ...{ id: random.uuid(), type: 'TokenDescribed', version: 1 },
      data: { token, name: 'Any', symbol: 'ANY', decimals, missing, state: 'BLOCK' },
      metadata: {
        ...{ correlationId: hash, causationId: null, actor: 'chain' },
        chain: { ...place, txHash: null, logIndex: null, commandId: null },
      },
    };
    await bench.store.append(chain.stream, [event], 'any');
    await bench.level();
  };
  const now = (): number => chain.head?.time ?? 0;
  const figures = async (addresses: readonly string[]) => {
    const found = await tokenAnalytics(bench.db, { chainId: CHAIN_ID, addresses, now: now() });
    return addresses.map((token) => {
      const { referencePoolId, price, priceChange24h, marketCap } = found.get(token) ?? {};
      return { token, referencePoolId, price, priceChange24h, marketCap };
    });
  };
  const orders = async () => {
    const found: Record<string, readonly string[]> = {};
    for (const sort of ['MARKET_CAP', 'LIQUIDITY', 'VOLUME'] satisfies readonly TokenSort[]) {
      const input = { chainId: CHAIN_ID, sort, now: now(), page: { first: 50 } };
      found[sort] = (await listTokens(bench.db, input)).edges.map(({ node }) => node.address);
    }
    return found;
  };

  it('of a worthless token changes no token’s price, cap or place, whatever it has in it', async () => {
    const amount = (): bigint => 10n ** BigInt(6 + random.below(20)) + random.amount(10n ** 6n);
    await mine(...ours.map((token) => tokenOf(token, 10n ** 30n, random.below(19))));
    // Each but the last has a pool with the next one; the last two have one with a stranger's, too, that their creator opened.
    await mine(
      ...ours.slice(1).map((token, at) => opened(CREATOR, ours[at] ?? '', amount(), token, amount())),
    );
    const dollar = address(0xd0);
    await mine(...ours.slice(-2).map((token) => opened(CREATOR, token, 10n ** 28n, dollar, 10n ** 9n)));
    await told(dollar, 6);
    const [before, places] = [await figures(ours), await orders()];
    expect(before.at(-1)?.price).toMatchObject({ quoteToken: dollar, quoteIsForeign: true });
    expect(before.map(({ price }) => price?.value)).not.toContain(null);
    for (let attack = 0; attack < ATTACKS; attack += 1) {
      const worthless = address(random.below(2) === 0 ? 0x10 + attack : 0xffff0000 + attack);
      const reserve = (): bigint => (random.below(3) === 0 ? UINT112 - 1n : amount());
      await mine(opened(ATTACKER, random.pick(ours), reserve(), worthless, reserve()));
      if (random.below(2) === 0) await told(worthless, random.below(256));
    }
    expect(await figures(ours)).toEqual(before);
    expect(await orders()).toEqual(places);
  });

  it('is where the price of a token is read that has no other, marked as what it is, and gives it no place', async () => {
    const [token, dollar] = [address(0x2000), address(0xd1)];
    await mine(tokenOf(token, 10n ** 24n, 18));
    await mine(opened(ATTACKER, token, 10n ** 21n, dollar, 2n * 10n ** 9n));
    expect(await figures([token])).toMatchObject([{ price: { value: null, quoteIsForeign: true } }]);
    await told(dollar, 6);
    expect(await figures([token])).toMatchObject([{ price: { value: '2', quoteIsForeign: true } }]);
    for (const order of Object.values(await orders())) expect(order).toHaveLength(TOKENS + 1);
    expect((await orders())['MARKET_CAP']?.at(-1)).toBe(token);
    await mine(opened(CREATOR, token, 10n ** 18n, ours[0] ?? '', 1n));
    expect(await figures([token])).toMatchObject([{ price: { quoteToken: ours[0], quoteIsForeign: false } }]);
  });
});
