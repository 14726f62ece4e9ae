import { assertCovered } from '../balance.js';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import { assertSameInput, envelopeOf } from '../execution.js';
import { sortTokens } from '../input/address.js';
import { UINT128_MAX, parseAmount } from '../input/amount.js';
import { assertDeadlineAhead } from '../input/deadline.js';
import { quoteFirstDeposit } from './arithmetic/liquidity.js';
import type { KnownToken, RequestPoolCreation } from './commands.js';
import type { PoolEvent } from './events.js';
import type { PoolState } from './state.js';

/** What of a request is malformed comes first, then what is not there, then what the state refuses. */
export function requestPoolCreation(command: RequestPoolCreation, state: PoolState): readonly PoolEvent[] {
  if (state.status !== 'NONE') {
    assertSameInput(state.request.inputHash, command.inputHash);
    return [];
  }
  const { known } = command;
  const { tokenA, tokenB, swapped } = sortTokens(command.tokenA, command.tokenB);
  const amountX = parseAmount(command.amountA.toString(), 'amountA', UINT128_MAX);
  const amountY = parseAmount(command.amountB.toString(), 'amountB', UINT128_MAX);
  assertDeadlineAhead(command.deadline, command.requestedAt);
  quoteFirstDeposit(amountX, amountY);
  assertTradable(known.tokenA, 'tokenA');
  assertTradable(known.tokenB, 'tokenB');
  if (known.poolExists) {
    throw refusal('POOL_EXISTS', 'There is a pool of these tokens', 'tokenB', { poolId: command.poolId });
  }
  assertCovered(amountX, known.balanceA, 'amountA');
  assertCovered(amountY, known.balanceB, 'amountB');
  const [amountA, amountB] = swapped ? [amountY, amountX] : [amountX, amountY];
  return [
    {
      type: 'PoolCreationRequested',
      version: EVENT_VERSIONS.PoolCreationRequested,
      data: {
        requestId: command.requestId,
        poolId: command.poolId,
        creator: command.creator,
        tokenA,
        tokenB,
        amountA: amountA.toString(),
        amountB: amountB.toString(),
        ...envelopeOf(command),
      },
    },
  ];
}

function assertTradable(token: KnownToken | null, field: string): void {
  if (token === null) throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  if (!token.active) throw refusal('TOKEN_DEACTIVATED', 'The token is deactivated', field);
}
