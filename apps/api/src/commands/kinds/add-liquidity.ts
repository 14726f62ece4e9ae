import { encodeAddLiquidity } from '@abland/chain';
import { parseAmount, parseHash, secondsOf, SLIPPAGE_BPS_MAX, UINT128_MAX } from '@abland/domain';
import { knownPool, knownTrading } from '../../market/known-market.js';
import type { AddLiquidityInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';
import { callersBalance } from './known.js';
import { parseLeastAmount } from './least-amount.js';

type Wanted = ReturnType<typeof parse>;

export const addLiquidity = ({
  readModel,
}: KindPorts): EdgeKind<'ADD_LIQUIDITY', AddLiquidityInput, Wanted> => ({
  name: 'ADD_LIQUIDITY',
  mutation: 'addLiquidity',
  parse,
  async ask(wanted, asking) {
    const [pool, { paused }] = await Promise.all([
      knownPool(readModel, asking.chain.chainId, wanted.poolId),
      knownTrading(readModel, asking.chain),
    ]);
    const [balanceA, balanceB] =
      pool === null
        ? [null, null]
        : await Promise.all([
            callersBalance({ readModel }, asking, pool.tokenA),
            callersBalance({ readModel }, asking, pool.tokenB),
          ]);
    return { ...wanted, slippageBpsMax: SLIPPAGE_BPS_MAX, known: { pool, paused, balanceA, balanceB } };
  },
  plan({ commandId, deadline, terms }, { liquidityManager }) {
    const { poolId } = terms;
    const [amountADesired, amountBDesired] = [BigInt(terms.amountADesired), BigInt(terms.amountBDesired)];
    const minimums = { amountAMin: BigInt(terms.amountAMin), amountBMin: BigInt(terms.amountBMin) };
    const args = { poolId, amountADesired, amountBDesired, ...minimums, deadline: secondsOf(deadline) };
    return {
      call: encodeAddLiquidity(liquidityManager, args, commandId),
      gasMax: 500_000n,
    };
  },
});

const parse = (input: AddLiquidityInput) => ({
  poolId: parseHash(input.poolId, 'poolId'),
  amountADesired: parseAmount(input.amountADesired, 'amountADesired', UINT128_MAX),
  amountBDesired: parseAmount(input.amountBDesired, 'amountBDesired', UINT128_MAX),
  amountALeast: parseLeastAmount(input.amountAMin, input.slippageBps, 'amountAMin'),
  amountBLeast: parseLeastAmount(input.amountBMin, input.slippageBps, 'amountBMin'),
});
