import { feesPaid, type PoolFees, type Swap } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { chainPlaceOf, type Projection, type Rows } from '../engine/projection.js';
import { settingsAt, settingsHandlers, settingsRow } from '../contracts/settings-handlers.js';
import { contractSettings, feeChanges } from '../contracts/tables.js';
import { sidesOf } from './sides.js';
import { swaps } from './tables.js';

/** Every swap with the fee that it paid, reckoned as a quote of it is by what the contract is set to, which is kept here too. */
export const swapsProjection: Projection = {
  name: 'swaps',
  version: 3,
  tables: [swaps, contractSettings, feeChanges],
  handlers: {
    ...settingsHandlers,
    Swap: {
      reads: (event) => [settingsRow(event)],
      apply: (event, rows) => {
        const { data } = event;
        const { chainId, blockNumber, blockTime, logIndex, txHash, commandId } = chainPlaceOf(event);
        const { amountA, amountB, amountIn, amountOut, sellsA } = sidesOf(data);
        const paid = feesPaid(amountIn, feesInForce(event, rows));
        rows.insert(swaps, {
          chain_id: chainId,
          block_number: blockNumber,
          log_index: logIndex,
          pool_id: data.poolId,
          user_address: data.user,
          token_in: data.tokenIn,
          token_out: data.tokenOut,
          amount_in: amountIn,
          amount_out: amountOut,
          sells_a: sellsA,
          amount_a: amountA,
          amount_b: amountB,
          fee: paid.fee,
          protocol_fee: paid.protocolPart,
          tx_hash: txHash,
          block_time: blockTime,
          command_id: commandId,
        });
      },
    },
  },
};

/** @throws BadEventError where the contract never said them: its constructor does */
function feesInForce(event: RecordedEvent<Swap>, rows: Rows): PoolFees {
  const { swap_fee: swapFee, protocol_fee: protocolFee } = settingsAt(event, rows);
  if (swapFee !== null && protocolFee !== null) return { swapFee, protocolFee };
  throw new BadEventError('A swap at a contract that never told its fees', { contract: event.data.contract });
}
