import {
  EVENT_VERSIONS,
  type OrderCommand,
  type OrderEvent,
  type OrderState,
  orderDecider,
  type OrderFact,
  type OrderRequested,
  orderStream,
} from '@abland/domain';
import { defineKind, minedIn, type TransactionFact } from './kind.js';

export const order = defineKind<OrderCommand, OrderState, OrderEvent>({
  decider: orderDecider,
  stream: orderStream,
  requestEvent: (terms) => ({
    type: 'OrderRequested',
    version: EVENT_VERSIONS.OrderRequested,
    data: terms as unknown as OrderRequested['data'],
  }),
  commands: {
    confirm(_request, fact) {
      const outcome = outcomeOf(fact);
      return outcome === null ? null : { type: 'ConfirmOrder', ...minedIn(fact), ...outcome };
    },
    submit: (_request, txHash) => ({ type: 'SubmitOrder', txHash, by: null }),
    revert: (_request, reverted) => ({ type: 'RevertOrder', ...reverted }),
    fail: (_request, code, reason) => ({ type: 'FailOrder', code, reason }),
    expire: (_request, at) => ({ type: 'ExpireOrder', at }),
    retract: (_request, blockHashes) => ({ type: 'RetractOrder', blockHashes }),
    finalize: (_request, finalizedTo) => ({ type: 'FinalizeOrder', finalizedTo }),
  },
});

function outcomeOf(fact: TransactionFact): { user: string; poolId: string; fact: OrderFact } | null {
  switch (fact.type) {
    case 'Swap': {
      const { user, poolId, tokenIn, tokenOut, amountIn, amountOut } = fact.data;
      const swap = { tokenIn, tokenOut, amountIn: BigInt(amountIn), amountOut: BigInt(amountOut) };
      return { user, poolId, fact: { kind: 'SWAP', ...swap } };
    }
    case 'LiquidityAdded':
    case 'LiquidityRemoved': {
      const { user, poolId, amountA, amountB, liquidity } = fact.data;
      const kind = fact.type === 'LiquidityAdded' ? 'ADD_LIQUIDITY' : 'REMOVE_LIQUIDITY';
      const amounts = { amountA: BigInt(amountA), amountB: BigInt(amountB), liquidity: BigInt(liquidity) };
      return { user, poolId, fact: { kind, ...amounts } };
    }
    default:
      return null;
  }
}
