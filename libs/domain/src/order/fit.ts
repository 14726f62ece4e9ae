import { assertAddressFits, assertTextFits, mismatch } from '../execution.js';
import type { ConfirmOrder, OrderFact } from './commands.js';
import type { AddLiquidityTerms, OrderResult, RemoveLiquidityTerms, SwapTerms } from './events.js';
import type { OrderRequestData } from './state.js';

/**
 * A fact's command id is a claim of whoever sent the transaction. It is believed where the fact is what was ordered.
 * @throws DomainError CONFIRMATION_MISMATCH with the field that differs
 */
export function assertFits(
  { user: owner, poolId: pool, terms }: OrderRequestData,
  command: ConfirmOrder,
): void {
  const { user, poolId, fact } = command;
  assertAddressFits('user', owner, user);
  assertTextFits('poolId', pool, poolId);
  if (terms.kind === 'SWAP' && fact.kind === 'SWAP') return assertSwapFits(terms, fact);
  if (terms.kind === 'ADD_LIQUIDITY' && fact.kind === 'ADD_LIQUIDITY') return assertAdditionFits(terms, fact);
  if (terms.kind === 'REMOVE_LIQUIDITY' && fact.kind === 'REMOVE_LIQUIDITY')
    return assertRemovalFits(terms, fact);
  throw mismatch('kind', terms.kind, fact.kind);
}

export function resultOf(fact: OrderFact): OrderResult {
  if (fact.kind === 'SWAP') {
    return { kind: 'SWAP', amountIn: fact.amountIn.toString(), amountOut: fact.amountOut.toString() };
  }
  return {
    kind: fact.kind,
    amountA: fact.amountA.toString(),
    amountB: fact.amountB.toString(),
    liquidity: fact.liquidity.toString(),
  };
}

type SwapFact = Extract<OrderFact, { kind: 'SWAP' }>;
type LiquidityFact = Exclude<OrderFact, SwapFact>;

function assertSwapFits(terms: SwapTerms, fact: SwapFact): void {
  assertAddressFits('tokenIn', terms.tokenIn, fact.tokenIn);
  assertAddressFits('tokenOut', terms.tokenOut, fact.tokenOut);
  assertTextFits('amountIn', terms.amountIn, fact.amountIn.toString());
  assertAtLeast('amountOut', terms.amountOutMin, fact.amountOut);
}

function assertAdditionFits(terms: AddLiquidityTerms, fact: LiquidityFact): void {
  assertAtLeast('amountA', terms.amountAMin, fact.amountA);
  assertAtLeast('amountB', terms.amountBMin, fact.amountB);
  assertAtMost('amountA', terms.amountADesired, fact.amountA);
  assertAtMost('amountB', terms.amountBDesired, fact.amountB);
}

function assertRemovalFits(terms: RemoveLiquidityTerms, fact: LiquidityFact): void {
  assertTextFits('liquidity', terms.liquidity, fact.liquidity.toString());
  assertAtLeast('amountA', terms.amountAMin, fact.amountA);
  assertAtLeast('amountB', terms.amountBMin, fact.amountB);
}

function assertAtLeast(field: string, least: string, actual: bigint): void {
  if (actual < BigInt(least)) throw mismatch(field, `at least ${least}`, actual.toString());
}

function assertAtMost(field: string, most: string, actual: bigint): void {
  if (actual > BigInt(most)) throw mismatch(field, `at most ${most}`, actual.toString());
}
