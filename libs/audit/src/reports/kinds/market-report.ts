import { feesPaid, type LiquidityAdded, type PoolCreated, type Swap, type Sync } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { FeesInForce } from '../folding/fees-in-force.js';
import type { ReportQuery } from '../folding/query.js';
import { isWithin, type Put, type ReportFolding, type ReportKind, type Row } from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';
import { byKey, isBefore, PLACE_COLUMNS, placeColumns } from './columns.js';

type Query = Extract<ReportQuery, { readonly kind: 'MARKET' }>;

const SIDES = ['A', 'B'] as const;
type Side = (typeof SIDES)[number];
const bySide = (name: string): readonly string[] => SIDES.map((side) => `${name}${side}`);

/** Sums of a pool over the period, of one of its tokens. Base units. */
interface Flows {
  swappedIn: bigint;
  swappedOut: bigint;
  fees: bigint;
  /** Of the fees what left the reserves for the protocol. */
  protocolFees: bigint;
  added: bigint;
  removed: bigint;
  /** Reserves at the beginning of the period, and after its last change. */
  opening: bigint;
  closing: bigint;
}
const FLOWS = ['swappedIn', 'swappedOut', 'fees', 'protocolFees', 'added', 'removed', 'opening', 'closing'];

interface Price {
  readonly a: bigint;
  readonly b: bigint;
}

interface Pool {
  readonly tokenA: string;
  readonly tokenB: string;
  readonly A: Flows;
  readonly B: Flows;
  swaps: number;
  /** Of swaps whose fees the log does not tell. */
  unknownFees: number;
  /** What the newest Sync said, whenever. */
  reserves: Record<Side, bigint>;
  prices: { open: Price; high: Price; low: Price; close: Price } | null;
}

/**
 * What happened in pools in a period: each swap and change of liquidity, and their sums beside the reserves that the contract told. `unexplained` is
 * what the reserves changed by without one of them; where the log is whole it is 0.
 */
export const MARKET_REPORT: ReportKind<Query> = {
  version: 1,
  files: {
    swaps: [
      ...[...PLACE_COLUMNS, 'poolId', 'user', 'tokenIn', 'tokenOut', 'amountIn', 'amountOut'],
      ...['fee', 'protocolFee'],
    ],
    liquidity: [...PLACE_COLUMNS, 'poolId', 'user', 'change', 'amountA', 'amountB', 'liquidity'],
    pools: [
      ...['poolId', 'tokenA', 'tokenB', 'swaps', ...FLOWS.flatMap(bySide), ...bySide('unexplained')],
      ...[
        'swapsOfUnknownFees',
        ...['open', 'high', 'low', 'close'].flatMap((name) => [`${name}B`, `${name}ForA`]),
      ],
    ],
  },
  begin: (query, put) => new MarketReport(query, put),
};

class MarketReport implements ReportFolding {
  private readonly fees = new FeesInForce();
  private readonly pools = new Map<string, Pool>();

  constructor(
    private readonly query: Query,
    private readonly put: Put,
  ) {}

  fact(event: RecordedEvent, at: FactAt): void {
    if (at.chainId !== this.query.chainId || !isBefore(this.query.until, at)) return;
    this.fees.add(event, at);
    if (event.type === 'PoolCreated') this.created(event.data as PoolCreated['data']);
    const pool = this.pools.get(String(event.data['poolId']));
    if (pool === undefined) return;
    const isNow = isWithin(this.query, at.blockTime);
    const put = (file: string, row: Row): void => this.put(file, { ...placeColumns(event, at), ...row });
    if (event.type === 'Sync') synced(pool, event.data as Sync['data'], isNow);
    else if (!isNow) return;
    else if (event.type === 'Swap') this.swapped(pool, event.data as Swap['data'], at, put);
    else if (event.type === 'LiquidityAdded' || event.type === 'LiquidityRemoved')
      moved(pool, event.type, event.data as LiquidityAdded['data'], put);
  }

  *end(): Iterable<readonly [string, Row]> {
    for (const [poolId, pool] of byKey(this.pools)) yield ['pools', poolRow(poolId, pool)];
  }

  private created({ poolId, tokenA, tokenB }: PoolCreated['data']): void {
    if (this.query.poolId !== null && this.query.poolId !== poolId.toLowerCase()) return;
    this.pools.set(poolId, {
      ...{ tokenA, tokenB, A: noFlows(), B: noFlows(), swaps: 0, unknownFees: 0, prices: null },
      reserves: { A: 0n, B: 0n },
    });
  }

  private swapped(pool: Pool, data: Swap['data'], at: FactAt, put: Put): void {
    const { amountIn, amountOut, poolId, tokenIn, tokenOut, user } = data;
    const fees = this.fees.at(data, at);
    const { fee, protocolPart } = fees === null ? NO_FEES : feesPaid(BigInt(amountIn), fees);
    const [into, outOf] = tokenIn === pool.tokenA ? [pool.A, pool.B] : [pool.B, pool.A];
    into.swappedIn += BigInt(amountIn);
    outOf.swappedOut += BigInt(amountOut);
    into.fees += fee;
    into.protocolFees += protocolPart;
    pool.swaps += 1;
    if (fees === null) pool.unknownFees += 1;
    put('swaps', {
      ...{ poolId, user, tokenIn, tokenOut, amountIn, amountOut },
      ...{ fee: fees === null ? null : `${fee}`, protocolFee: fees === null ? null : `${protocolPart}` },
    });
  }
}

const NO_FEES = { fee: 0n, protocolPart: 0n };
const noFlows = (): Flows => ({
  ...{ swappedIn: 0n, swappedOut: 0n, fees: 0n, protocolFees: 0n },
  ...{ added: 0n, removed: 0n, opening: 0n, closing: 0n },
});

/** Comes after each change of a pool, with what it has then. */
function synced(pool: Pool, { reserveA, reserveB }: Sync['data'], isNow: boolean): void {
  pool.reserves = { A: BigInt(reserveA), B: BigInt(reserveB) };
  for (const side of SIDES) {
    pool[side].closing = pool.reserves[side];
    if (!isNow) pool[side].opening = pool.reserves[side];
  }
  const price = { a: pool.reserves.A, b: pool.reserves.B };
  if (!isNow || price.a === 0n || price.b === 0n) return;
  const { high = price, low = price, open = price } = pool.prices ?? {};
  pool.prices = {
    ...{ open, close: price },
    ...{ high: isDearer(price, high) ? price : high, low: isDearer(low, price) ? price : low },
  };
}

/** Exactly: of more B for as much A. */
const isDearer = (one: Price, other: Price): boolean => one.b * other.a > other.b * one.a;

function moved(
  pool: Pool,
  type: 'LiquidityAdded' | 'LiquidityRemoved',
  { amountA, amountB, liquidity, poolId, user }: LiquidityAdded['data'],
  put: Put,
): void {
  const [change, sum] =
    type === 'LiquidityAdded' ? (['ADDED', 'added'] as const) : (['REMOVED', 'removed'] as const);
  pool.A[sum] += BigInt(amountA);
  pool.B[sum] += BigInt(amountB);
  put('liquidity', { poolId, user, change, amountA, amountB, liquidity });
}

/** What the reserves changed by that no swap and no change of liquidity explains. */
const unexplained = ({
  added,
  closing,
  opening,
  protocolFees,
  removed,
  swappedIn,
  swappedOut,
}: Flows): bigint => closing - (opening + swappedIn - protocolFees - swappedOut + added - removed);

function poolRow(poolId: string, pool: Pool): Row {
  const { prices, swaps, tokenA, tokenB, unknownFees } = pool;
  const row: Record<string, string | null> = { poolId, tokenA, tokenB, swaps: `${swaps}` };
  for (const side of SIDES) {
    for (const name of FLOWS) row[`${name}${side}`] = `${pool[side][name as keyof Flows]}`;
    row[`unexplained${side}`] = `${unexplained(pool[side])}`;
  }
  row['swapsOfUnknownFees'] = `${unknownFees}`;
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    row[`${name}B`] = prices === null ? null : `${prices[name].b}`;
    row[`${name}ForA`] = prices === null ? null : `${prices[name].a}`;
  }
  return row;
}
