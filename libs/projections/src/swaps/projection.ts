import { feesPaid } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { sidesOf } from './sides.js';
import { swapFees, swaps } from './tables.js';

type FeeKind = 'SWAP' | 'PROTOCOL';
type Placed = Pick<RecordedEvent, 'metadata'>;

const feeKey = (event: Placed, kind: FeeKind) => ({ chain_id: chainPlaceOf(event).chainId, kind });

const setFee = (kind: FeeKind) => ({
  reads: (event: Placed) => [rowOf(swapFees, feeKey(event, kind))],
  apply: (event: Placed & { data: { newFee: string } }, rows: Rows): void => {
    rows.put(swapFees, { ...feeKey(event, kind), basis_points: BigInt(event.data.newFee) });
  },
});

/** Every swap with the fee that it paid, reckoned as a quote of it is. */
export const swapsProjection: Projection = {
  name: 'swaps',
  version: 1,
  tables: [swaps, swapFees],
  handlers: {
    SwapFeeUpdated: setFee('SWAP'),
    ProtocolFeeUpdated: setFee('PROTOCOL'),
    Swap: {
      reads: (event) => [rowOf(swapFees, feeKey(event, 'SWAP')), rowOf(swapFees, feeKey(event, 'PROTOCOL'))],
      apply: (event, rows) => {
        const { data } = event;
        const { chainId, blockNumber, blockTime, logIndex, txHash, commandId } = chainPlaceOf(event);
        const { sellsA, amountA, amountB } = sidesOf(data);
        const amountIn = BigInt(data.amountIn);
        const inForce = (kind: FeeKind) => rows.get(swapFees, feeKey(event, kind))?.basis_points ?? 0n;
        const paid = feesPaid(amountIn, { swapFee: inForce('SWAP'), protocolFee: inForce('PROTOCOL') });
        rows.insert(swaps, {
          chain_id: chainId,
          block_number: blockNumber,
          log_index: logIndex,
          pool_id: data.poolId,
          user_address: data.user,
          token_in: data.tokenIn,
          token_out: data.tokenOut,
          amount_in: amountIn,
          amount_out: BigInt(data.amountOut),
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
