import { encodeRemoveLiquidity } from '@abland/chain';
import { parseAmount, parseHash, secondsOf, SLIPPAGE_BPS_MAX, UINT128_MAX } from '@abland/domain';
import { positionOf } from '@abland/projections';
import { knownPool } from '../../market/known-market.js';
import { removedBy, underway } from '../open/committed.js';
import type { RemoveLiquidityInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';
import { parseLeastAmount } from './least-amount.js';

type Wanted = ReturnType<typeof parse>;

export const removeLiquidity = ({
  readModel,
}: KindPorts): EdgeKind<'REMOVE_LIQUIDITY', RemoveLiquidityInput, Wanted> => ({
  name: 'REMOVE_LIQUIDITY',
  mutation: 'removeLiquidity',
  parse,
  async ask(wanted, { chain: { chainId }, caller: owner, reads }) {
    const { poolId } = wanted;
    const [pool, position, requests] = await Promise.all([
      knownPool(readModel, chainId, poolId),
      positionOf(readModel, { chainId, poolId, owner }),
      reads.openRequests(),
    ]);
    const committed = removedBy(underway(requests), poolId);
    const known = { pool, liquidity: { total: BigInt(position?.liquidity ?? '0'), committed } };
    return { ...wanted, slippageBpsMax: SLIPPAGE_BPS_MAX, known };
  },
  plan({ commandId, deadline, terms }, { liquidityManager }) {
    const minimums = { amountAMin: BigInt(terms.amountAMin), amountBMin: BigInt(terms.amountBMin) };
    const args = { poolId: terms.poolId, liquidity: BigInt(terms.liquidity), ...minimums };
    return {
      call: encodeRemoveLiquidity(liquidityManager, { ...args, deadline: secondsOf(deadline) }, commandId),
      gasMax: 500_000n,
    };
  },
});

const parse = (input: RemoveLiquidityInput) => ({
  poolId: parseHash(input.poolId, 'poolId'),
  liquidity: parseAmount(input.liquidity, 'liquidity', UINT128_MAX),
  amountALeast: parseLeastAmount(input.amountAMin, input.slippageBps, 'amountAMin'),
  amountBLeast: parseLeastAmount(input.amountBMin, input.slippageBps, 'amountBMin'),
});
