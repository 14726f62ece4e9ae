import type { CreationFeeUpdated, ProtocolFeeUpdated, SwapFeeUpdated } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { feeChanges, feesInForce } from './tables.js';

type FeeEvent =
  RecordedEvent<SwapFeeUpdated> | RecordedEvent<ProtocolFeeUpdated> | RecordedEvent<CreationFeeUpdated>;

const fee = (kind: 'SWAP' | 'PROTOCOL' | 'TOKEN_CREATION') => ({
  reads: (event: FeeEvent) => [rowOf(feesInForce, { chain_id: chainPlaceOf(event).chainId, kind })],
  apply: (event: FeeEvent, rows: Rows): void => {
    const { chainId, blockNumber, blockTime, logIndex, txHash } = chainPlaceOf(event);
    const value = BigInt(event.data.newFee);
    const place = { chain_id: chainId, block_number: blockNumber, log_index: logIndex };
    rows.put(feesInForce, { ...place, kind, value });
    rows.insert(feeChanges, {
      ...place,
      kind,
      old_value: BigInt(event.data.oldFee),
      new_value: value,
      tx_hash: txHash,
      block_time: blockTime,
    });
  },
});

export const feesProjection: Projection = {
  name: 'fees',
  version: 1,
  tables: [feesInForce, feeChanges],
  handlers: {
    SwapFeeUpdated: fee('SWAP'),
    ProtocolFeeUpdated: fee('PROTOCOL'),
    CreationFeeUpdated: fee('TOKEN_CREATION'),
  },
};
