import type { FactType } from './fact-reader.js';

/** Reserves and liquidity of a pool are numbers of 128 bits (ABPool), and so is whatever goes in or out. */
const POOL_AMOUNT_MAX = 2n ** 128n - 1n;
/** All of what it is a part of (ABPool.BASIS_POINTS). */
const BASIS_POINTS = 10_000n;

const poolAmounts = (...names: readonly string[]): ReadonlyMap<string, bigint> =>
  new Map(names.map((name) => [name, POOL_AMOUNT_MAX]));
const fee: ReadonlyMap<string, bigint> = new Map([['newFee', BASIS_POINTS]]);

/** The most that a contract of ours can tell, by fact and field. */
const BOUNDS: ReadonlyMap<FactType, ReadonlyMap<string, bigint>> = new Map<
  FactType,
  ReadonlyMap<string, bigint>
>([
  ['Sync', poolAmounts('reserveA', 'reserveB')],
  ['Swap', poolAmounts('amountIn', 'amountOut')],
  ['LiquidityAdded', poolAmounts('amountA', 'amountB', 'liquidity')],
  ['LiquidityRemoved', poolAmounts('amountA', 'amountB', 'liquidity')],
  ['SwapFeeUpdated', fee],
  ['ProtocolFeeUpdated', fee],
]);

/** Why a fact cannot be, whatever its log says; null where it can. */
export function impossibility(type: FactType, fields: Readonly<Record<string, unknown>>): string | null {
  for (const [name, most] of BOUNDS.get(type) ?? []) {
    const value = fields[name] as string;
    if (BigInt(value) > most) return `${name} of ${type} is ${value}, more than ${most}`;
  }
  return null;
}
