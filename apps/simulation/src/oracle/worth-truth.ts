import { emptyMarket, type SimulatedPool } from '@abland/testing/market';
import type { SimulatedBlock } from '@abland/testing/simulated-chain';
import { line } from './market-truth.js';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const DAY_SECONDS = 86_400;
const WORTH_MAX = 10n ** 78n - 1n;

interface Token {
  readonly creator: string;
  readonly supply: bigint;
  readonly decimals: bigint;
}

/** A pool as one of its tokens sees it. */
interface Side {
  readonly poolId: string;
  readonly other: string;
  readonly own: bigint;
  readonly otherReserve: bigint;
}

/**
 * What each token is worth at the end of these blocks, as docs/market-data.md has it: read off all pools and all swaps. A line each:
 * what the read model `token_markets` must say.
 */
export function worthsOf(blocks: readonly SimulatedBlock[]): readonly string[] {
  const { pools } = blocks.at(-1)?.state ?? emptyMarket();
  const tokens = tokensOf(blocks);
  const creators = poolCreatorsOf(blocks);
  const volumes = volumesOf(blocks, tokens);
  return [...tokens].map(([address, token]) => {
    const sides = [...pools].flatMap(([poolId, pool]) => sideOf(poolId, pool, address)).sort(byDepth);
    const ofFactory = sides.filter(({ other }) => tokens.has(other));
    const ofCreator = sides.filter(
      ({ other, poolId }) => tokens.has(other) || creators.get(poolId) === token.creator,
    );
    const read = ofCreator.some(({ own }) => own > 0n) ? ofCreator[0] : sides[0];
    const [liquidity, ranked] = [sides, ofFactory].map(sumOf) as [bigint, bigint];
    const volume = volumes.get(address) ?? 0n;
    const worth = (units: bigint): bigint => worthOf(units, ofFactory[0], tokens);
    return line(
      ...[address, liquidity, ranked, volume],
      ...[read?.poolId ?? null, read?.own ?? 0n, read?.otherReserve ?? 0n],
      ...[worth(token.supply), worth(ranked), worth(volume)],
    );
  });
}

const factsOf = (blocks: readonly SimulatedBlock[], type: string): readonly Record<string, unknown>[] =>
  blocks.flatMap(({ facts }) => facts.filter((fact) => fact.type === type).map(({ data }) => data));

function tokensOf(blocks: readonly SimulatedBlock[]): ReadonlyMap<string, Token> {
  const decimals = new Map(
    factsOf(blocks, 'TokenMetadataUpdated').map((data) => [
      String(data['tokenAddress']),
      BigInt(Number(data['decimals'])),
    ]),
  );
  return new Map(
    factsOf(blocks, 'TokenCreated').map(({ creator, tokenAddress, totalSupply }) => [
      String(tokenAddress),
      {
        creator: String(creator),
        supply: BigInt(String(totalSupply)),
        decimals: decimals.get(String(tokenAddress)) ?? 0n,
      },
    ]),
  );
}

/** Who made the first deposit of each pool. */
function poolCreatorsOf(blocks: readonly SimulatedBlock[]): ReadonlyMap<string, string> {
  const deposits = factsOf(blocks, 'LiquidityAdded').filter(({ user }) => user !== ZERO_ADDRESS);
  return new Map(
    deposits.toReversed().map(({ poolId, user }) => [String(poolId), String(user)]), // of equals the last stays
  );
}

/** Of each token, what was bought and sold for another of the factory in the day up to the newest block. */
function volumesOf(
  blocks: readonly SimulatedBlock[],
  tokens: ReadonlyMap<string, Token>,
): ReadonlyMap<string, bigint> {
  const now = blocks.at(-1)?.time ?? 0;
  const volumes = new Map<string, bigint>();
  const trades = factsOf(
    blocks.filter(({ time }) => time > now - DAY_SECONDS),
    'Swap',
  );
  for (const { amountIn, amountOut, tokenIn, tokenOut } of trades) {
    const sides = [
      [String(tokenIn), amountIn],
      [String(tokenOut), amountOut],
    ] as const;
    if (!sides.every(([token]) => tokens.has(token))) continue;
    for (const [token, amount] of sides)
      volumes.set(token, (volumes.get(token) ?? 0n) + BigInt(String(amount)));
  }
  return volumes;
}

function sideOf(poolId: string, pool: SimulatedPool, token: string): readonly Side[] {
  const { reserveA, reserveB, tokenA, tokenB } = pool;
  if (token === tokenA) return [{ poolId, other: tokenB, own: reserveA, otherReserve: reserveB }];
  return token === tokenB ? [{ poolId, other: tokenA, own: reserveB, otherReserve: reserveA }] : [];
}

const byDepth = (one: Side, other: Side): number =>
  one.own === other.own ? (one.poolId < other.poolId ? -1 : 1) : one.own > other.own ? -1 : 1;

const sumOf = (sides: readonly Side[]): bigint => sides.reduce((sum, { own }) => sum + own, 0n);

/** In 10^-18 of a whole token of the pool's other side. */
function worthOf(units: bigint, pool: Side | undefined, tokens: ReadonlyMap<string, Token>): bigint {
  if (pool === undefined || pool.own === 0n) return 0n;
  const decimals = tokens.get(pool.other)?.decimals ?? 0n;
  const worth = (units * pool.otherReserve * 10n ** 18n) / (pool.own * 10n ** decimals);
  return worth < WORTH_MAX ? worth : WORTH_MAX;
}
