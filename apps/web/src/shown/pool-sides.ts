import type { PoolFieldsFragment } from '../api/operations.gen.js';
import { shortId } from '../format/numbers.js';

export interface PoolSideName {
  readonly address: string;
  readonly symbol: string;
  readonly name: string | null;
  /** Null where nobody knows them. */
  readonly decimals: number | null;
  /** The factory did not make it. */
  readonly isForeign: boolean;
}

type Sides = Pick<
  PoolFieldsFragment,
  'tokenA' | 'tokenB' | 'foreignTokenA' | 'foreignTokenB' | 'tokenAAddress' | 'tokenBAddress'
>;

/** The tokens of a pool in its order. */
export const sidesOf = (pool: Sides): readonly [PoolSideName, PoolSideName] => [
  sideOf(pool.tokenAAddress, pool.tokenA, pool.foreignTokenA),
  sideOf(pool.tokenBAddress, pool.tokenB, pool.foreignTokenB),
];

function sideOf(address: string, own: Sides['tokenA'], foreign: Sides['foreignTokenA']): PoolSideName {
  const told = own ?? foreign ?? null;
  return {
    ...{ address, isForeign: own === null || own === undefined },
    symbol: told?.symbol ?? shortId(address, 6, 4),
    name: told?.name ?? null,
    decimals: told?.decimals ?? null,
  };
}
