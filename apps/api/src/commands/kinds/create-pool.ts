import { encodeCreatePool } from '@abland/chain';
import { parseAddress, parseAmount, secondsOf, UINT128_MAX, type KnownToken } from '@abland/domain';
import { poolById } from '@abland/projections';
import { getAddress } from 'ethers';
import { knownTrading } from '../../market/known-market.js';
import { poolIdOf } from '../../market/pool-id.js';
import { creates, underway } from '../open/committed.js';
import type { CreatePoolInput } from '../types/command.inputs.js';
import type { EdgeKind, KindPorts } from './kind.js';
import { callersBalance } from './known.js';

type Wanted = ReturnType<typeof parse>;

export const createPool = ({ readModel }: KindPorts): EdgeKind<'CREATE_POOL', CreatePoolInput, Wanted> => ({
  name: 'CREATE_POOL',
  mutation: 'createPool',
  parse,
  async ask(wanted, asking) {
    const { chainId } = asking.chain;
    const { poolId: id, tokenA, tokenB } = wanted;
    const [tokens, pool, { paused }, balanceA, balanceB, requests] = await Promise.all([
      Promise.all([tokenA, tokenB].map(asking.reads.token)),
      poolById(readModel, { chainId, id }),
      knownTrading(readModel, asking.chain),
      callersBalance({ readModel }, asking, tokenA),
      callersBalance({ readModel }, asking, tokenB),
      asking.reads.openRequests(),
    ]);
    const poolPending = creates(underway(requests), id);
    const knownToken = (address: string): KnownToken | null => {
      const token = tokens.find((one) => one?.address === address) ?? null;
      return token === null ? null : { active: token.status !== 'DEACTIVATED' };
    };
    const known = { tokenA: knownToken(tokenA), tokenB: knownToken(tokenB) };
    return {
      ...wanted,
      known: { ...known, poolExists: pool !== null, poolPending, paused, balanceA, balanceB },
    };
  },
  plan({ commandId, deadline, terms }, { liquidityManager }) {
    const { tokenA: tokenX, tokenB: tokenY } = terms;
    const [amountX, amountY] = [BigInt(terms.amountA), BigInt(terms.amountB)];
    const args = { tokenX, tokenY, amountX, amountY, deadline: secondsOf(deadline) };
    return {
      call: encodeCreatePool(liquidityManager, args, commandId),
      gasMax: 800_000n,
    };
  },
});

function parse(input: CreatePoolInput) {
  const tokenA = parseAddress(input.tokenA, 'tokenA', getAddress);
  const tokenB = parseAddress(input.tokenB, 'tokenB', getAddress);
  return {
    tokenA,
    tokenB,
    poolId: poolIdOf(tokenA, tokenB, 'tokenB'),
    amountA: parseAmount(input.amountA, 'amountA', UINT128_MAX),
    amountB: parseAmount(input.amountB, 'amountB', UINT128_MAX),
  };
}
