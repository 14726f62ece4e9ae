import { encodeSwap } from '@abland/chain';
import { parseAddress, parseAmount, secondsOf, SLIPPAGE_BPS_MAX, UINT128_MAX } from '@abland/domain';
import { getAddress } from 'ethers';
import { knownPool, knownTrading } from '../../market/known-market.js';
import { poolIdOf } from '../../market/pool-id.js';
import type { SwapInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';
import { assertTokenKnown, callersBalance } from './known.js';
import { parseLeastAmount } from './least-amount.js';

type Wanted = ReturnType<typeof parse>;

export const swap = ({ readModel }: KindPorts): EdgeKind<'SWAP', SwapInput, Wanted> => ({
  name: 'SWAP',
  mutation: 'swap',
  parse,
  async ask({ tokenOut, ...wanted }, asking) {
    const { chainId } = asking.chain;
    const { tokenIn, poolId } = wanted;
    const [pool, trading, balance] = await Promise.all([
      knownPool(readModel, chainId, poolId),
      knownTrading(readModel, asking.chain),
      callersBalance({ readModel }, asking, tokenIn),
      assertTokenKnown(asking.reads, tokenIn, 'tokenIn'),
      assertTokenKnown(asking.reads, tokenOut, 'tokenOut'),
    ]);
    return { ...wanted, slippageBpsMax: SLIPPAGE_BPS_MAX, known: { pool, ...trading, balance } };
  },
  plan({ commandId, deadline, terms }, { liquidityManager }) {
    const { poolId, tokenIn } = terms;
    const [amountIn, amountOutMin] = [BigInt(terms.amountIn), BigInt(terms.amountOutMin)];
    const args = { poolId, tokenIn, amountIn, amountOutMin, deadline: secondsOf(deadline) };
    return {
      call: encodeSwap(liquidityManager, args, commandId),
      gasMax: 400_000n,
    };
  },
});

function parse(input: SwapInput) {
  const tokenIn = parseAddress(input.tokenIn, 'tokenIn', getAddress);
  const tokenOut = parseAddress(input.tokenOut, 'tokenOut', getAddress);
  return {
    tokenIn,
    tokenOut,
    poolId: poolIdOf(tokenIn, tokenOut, 'tokenOut'),
    amountIn: parseAmount(input.amountIn, 'amountIn', UINT128_MAX),
    amountOutLeast: parseLeastAmount(input.amountOutMin, input.slippageBps, 'amountOutMin'),
  };
}
