import type {
  LiquidityAdditionTerms,
  PoolCreationTerms,
  Requested,
  RequestKindName,
  SwapTerms,
} from '@abland/domain';
import type { ReadModel } from '@abland/projections';
import { ApiError } from '../../errors/api-error.js';
import { knownPool } from '../../market/known-market.js';

/** What the liquidity manager takes from whoever calls it. */
export interface Spending {
  readonly token: string;
  /** Base units, at most. */
  readonly amount: bigint;
}

export interface Spender {
  readonly kind: RequestKindName;
  /** Its terms are those of its kind. */
  readonly request: Pick<Requested<unknown>, 'chainId' | 'terms'>;
}

/** @throws ApiError SERVICE_UNAVAILABLE */
export async function spendsOf(
  readModel: ReadModel,
  { kind, request: { chainId, terms } }: Spender,
): Promise<readonly Spending[]> {
  switch (kind) {
    case 'SWAP': {
      const { tokenIn, amountIn } = terms as SwapTerms;
      return [{ token: tokenIn, amount: BigInt(amountIn) }];
    }
    case 'CREATE_POOL': {
      const { tokenA, amountA, tokenB, amountB } = terms as PoolCreationTerms;
      return ofBoth({ tokenA, tokenB }, amountA, amountB);
    }
    case 'ADD_LIQUIDITY': {
      const { poolId, amountADesired, amountBDesired } = terms as LiquidityAdditionTerms;
      const pool = await knownPool(readModel, chainId, poolId);
      if (pool === null)
        throw new ApiError('SERVICE_UNAVAILABLE', 'The pool is not in the read models for now');
      return ofBoth(pool, amountADesired, amountBDesired);
    }
    case 'CREATE_TOKEN':
    case 'DEACTIVATE_TOKEN':
    case 'REMOVE_LIQUIDITY':
      return [];
  }
}

/** What requests spend of a token together, in base units. */
export async function spentOf(
  readModel: ReadModel,
  requests: readonly Spender[],
  token: string,
): Promise<bigint> {
  const spends = await Promise.all(requests.map((one) => spendsOf(readModel, one)));
  return spends
    .flat()
    .filter((spending) => spending.token === token)
    .reduce((sum, { amount }) => sum + amount, 0n);
}

const ofBoth = (
  { tokenA, tokenB }: { readonly tokenA: string; readonly tokenB: string },
  amountA: string,
  amountB: string,
): readonly Spending[] => [
  { token: tokenA, amount: BigInt(amountA) },
  { token: tokenB, amount: BigInt(amountB) },
];
