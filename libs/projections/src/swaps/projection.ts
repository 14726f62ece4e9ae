import { placeOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { sidesOf } from './sides.js';
import { swapFees, swaps } from './tables.js';

const BASIS_POINTS = 10_000n;

const feeRows = (kind: 'SWAP' | 'PROTOCOL') => [rowOf(swapFees, { kind })];

const setFee = (kind: 'SWAP' | 'PROTOCOL') => ({
  reads: () => feeRows(kind),
  apply: (event: { data: { newFee: string } }, rows: Rows): void => {
    rows.put(swapFees, { kind, basis_points: BigInt(event.data.newFee) });
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
      reads: () => [...feeRows('SWAP'), ...feeRows('PROTOCOL')],
      apply: (event, rows) => {
        const { data } = event;
        const { blockNumber, blockTime, logIndex, txHash, commandId } = placeOf(event);
        const { sellsA, amountA, amountB } = sidesOf(data);
        const amountIn = BigInt(data.amountIn);
        const part = (kind: 'SWAP' | 'PROTOCOL'): bigint =>
          (amountIn * (rows.get(swapFees, { kind })?.basis_points ?? 0n)) / BASIS_POINTS;
        rows.insert(swaps, {
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
