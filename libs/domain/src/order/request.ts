import { assertCovered } from '../balance.js';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import { assertSameInput, envelopeOf } from '../execution.js';
import { sameAddress } from '../input/address.js';
import { UINT128_MAX, parseAmount } from '../input/amount.js';
import { assertDeadlineAhead } from '../input/deadline.js';
import { quoteAddLiquidity, quoteRemoveLiquidity } from '../pool/arithmetic/liquidity.js';
import { minimumAmount } from '../pool/arithmetic/minimum.js';
import { quoteSwap, type SwapReserves } from '../pool/arithmetic/swap.js';
import type { Address } from '../values.js';
import type {
  KnownPool,
  RequestLiquidityAddition,
  RequestLiquidityRemoval,
  RequestOrder,
  RequestSwap,
} from './commands.js';
import type { AddLiquidityTerms, OrderEvent, OrderTerms, RemoveLiquidityTerms, SwapTerms } from './events.js';
import type { OrderState } from './state.js';

/**
 * Accepts an order that the chain would carry out in the state that is known: what of it is malformed is refused first,
 * then what is not there, then what state and balance do not allow.
 */
export function requestOrder(command: RequestOrder, state: OrderState): readonly OrderEvent[] {
  if (state.status !== 'NONE') {
    assertSameInput(state.request.inputHash, command.inputHash);
    return [];
  }
  assertDeadlineAhead(command.deadline, command.requestedAt);
  return [
    {
      type: 'OrderRequested',
      version: EVENT_VERSIONS.OrderRequested,
      data: {
        orderId: command.orderId,
        user: command.user,
        poolId: command.poolId,
        terms: termsOf(command),
        ...envelopeOf(command),
      },
    },
  ];
}

function termsOf(command: RequestOrder): OrderTerms {
  switch (command.type) {
    case 'RequestSwap':
      return swapTerms(command);
    case 'RequestLiquidityAddition':
      return additionTerms(command);
    case 'RequestLiquidityRemoval':
      return removalTerms(command);
    default:
      return command satisfies never;
  }
}

function swapTerms({ known, ...command }: RequestSwap): SwapTerms {
  const amountIn = parseAmount(command.amountIn.toString(), 'amountIn', UINT128_MAX);
  const { tokenOut, ...reserves } = directionOf(knownPool(known.pool), command.tokenIn);
  const quote = quoteSwap(reserves, known.fees, amountIn);
  const amountOutMin = minimumAmount(
    command.amountOutFloor,
    quote.amountOut,
    command.slippageBpsMax,
    'amountOutMin',
  );
  assertCovered(amountIn, known.balance, 'amountIn');
  return {
    kind: 'SWAP',
    tokenIn: command.tokenIn,
    tokenOut,
    amountIn: amountIn.toString(),
    amountOutMin: amountOutMin.toString(),
    amountOutQuoted: quote.amountOut.toString(),
  };
}

function additionTerms({ known, ...command }: RequestLiquidityAddition): AddLiquidityTerms {
  const amountADesired = parseAmount(command.amountADesired.toString(), 'amountADesired', UINT128_MAX);
  const amountBDesired = parseAmount(command.amountBDesired.toString(), 'amountBDesired', UINT128_MAX);
  const quote = quoteAddLiquidity(knownPool(known.pool), amountADesired, amountBDesired);
  const bound = command.slippageBpsMax;
  const amountAMin = minimumAmount(command.amountAFloor, quote.amountA, bound, 'amountAMin');
  const amountBMin = minimumAmount(command.amountBFloor, quote.amountB, bound, 'amountBMin');
  assertCovered(quote.amountA, known.balanceA, 'amountADesired');
  assertCovered(quote.amountB, known.balanceB, 'amountBDesired');
  return {
    kind: 'ADD_LIQUIDITY',
    amountADesired: amountADesired.toString(),
    amountBDesired: amountBDesired.toString(),
    amountAMin: amountAMin.toString(),
    amountBMin: amountBMin.toString(),
  };
}

function removalTerms({ known, ...command }: RequestLiquidityRemoval): RemoveLiquidityTerms {
  const liquidity = parseAmount(command.liquidity.toString(), 'liquidity', UINT128_MAX);
  const quote = quoteRemoveLiquidity(knownPool(known.pool), liquidity);
  const bound = command.slippageBpsMax;
  const amountAMin = minimumAmount(command.amountAFloor, quote.amountA, bound, 'amountAMin');
  const amountBMin = minimumAmount(command.amountBFloor, quote.amountB, bound, 'amountBMin');
  assertCovered(liquidity, known.liquidity, 'liquidity');
  return {
    kind: 'REMOVE_LIQUIDITY',
    liquidity: liquidity.toString(),
    amountAMin: amountAMin.toString(),
    amountBMin: amountBMin.toString(),
  };
}

function knownPool(pool: KnownPool | null): KnownPool {
  if (pool === null) throw refusal('UNKNOWN_POOL', 'There is no such pool', 'poolId');
  return pool;
}

/**
 * A pool seen from the token that goes in.
 * @throws DomainError TOKEN_NOT_IN_POOL
 */
export function directionOf(
  pool: KnownPool,
  tokenIn: Address,
): SwapReserves & { readonly tokenOut: Address } {
  if (sameAddress(tokenIn, pool.tokenA)) {
    return { tokenOut: pool.tokenB, reserveIn: pool.reserveA, reserveOut: pool.reserveB };
  }
  if (sameAddress(tokenIn, pool.tokenB)) {
    return { tokenOut: pool.tokenA, reserveIn: pool.reserveB, reserveOut: pool.reserveA };
  }
  throw refusal('TOKEN_NOT_IN_POOL', 'The pool does not hold this token', 'tokenIn');
}
