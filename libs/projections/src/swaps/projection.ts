import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { sidesOf } from './sides.js';
import { swapFees, swaps } from './tables.js';

const BASIS_POINTS = 10_000n;

type FeeKind = 'SWAP' | 'PROTOCOL';
type Placed = Pick<RecordedEvent, 'metadata'>;

const feeKey = (event: Placed, kind: FeeKind) => ({ chain_id: chainPlaceOf(event).chainId, kind });

const setFee = (kind: FeeKind) => ({
  reads: (event: Placed) => [rowOf(swapFees, feeKey(event, kind))],
  apply: (event: Placed & { data: { newFee: string } }, rows: Rows): void => {
    rows.put(swapFees, { ...feeKey(event, kind), basis_points: BigInt(event.data.newFee) });
  },
});

/**
 * Every swap with the fee it paid. The contract takes the fee as amountIn * (10000 - fee) without a division; in base units it
 * is cut here, the protocol's part as the contract cuts it.
 */
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
        const part = (kind: FeeKind): bigint =>
          (amountIn * (rows.get(swapFees, feeKey(event, kind))?.basis_points ?? 0n)) / BASIS_POINTS;
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
          fee: part('SWAP'),
          protocol_fee: part('PROTOCOL'),
          tx_hash: txHash,
          block_time: blockTime,
          command_id: commandId,
        });
      },
    },
  },
};
