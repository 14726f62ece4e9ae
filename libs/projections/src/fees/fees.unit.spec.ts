import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, type Place, txHash } from '../testing/told-events.js';
import { feesProjection } from './projection.js';
import { feeChanges, feesInForce } from './tables.js';

type FeeFact = 'SwapFeeUpdated' | 'ProtocolFeeUpdated' | 'CreationFeeUpdated';
const changed = (type: FeeFact, oldFee: number, newFee: number, place: Place) =>
  fact(type, { oldFee: `${oldFee}`, newFee: `${newFee}` }, place);
const OPENING = [
  changed('CreationFeeUpdated', 0, 1_000, { block: 1, log: 0 }),
  changed('SwapFeeUpdated', 0, 30, { block: 1, log: 1 }),
  changed('ProtocolFeeUpdated', 0, 10, { block: 1, log: 2 }),
];
const { given } = specify(feesProjection);

describe('fees', () => {
  it('are in force by kind as they were set last', () => {
    given(...OPENING)
      .when(changed('SwapFeeUpdated', 30, 25, { block: 7, log: 3 }))
      .then(
        feesInForce,
        { chain_id: 1, kind: 'PROTOCOL', value: 10n, block_number: 1, log_index: 2 },
        { chain_id: 1, kind: 'SWAP', value: 25n, block_number: 7, log_index: 3 },
        { chain_id: 1, kind: 'TOKEN_CREATION', value: 1_000n, block_number: 1, log_index: 0 },
      );
  });

  it('keep each change, with what was before', () => {
    given(OPENING[1] as (typeof OPENING)[0])
      .when(changed('SwapFeeUpdated', 30, 25, { block: 7, log: 3 }))
      .then(
        feeChanges,
        { block_number: 1, log_index: 1, kind: 'SWAP', old_value: 0n, new_value: 30n },
        {
          chain_id: 1,
          block_number: 7,
          log_index: 3,
          kind: 'SWAP',
          old_value: 30n,
          new_value: 25n,
          tx_hash: txHash(7),
          block_time: 70,
        },
      );
  });

  chainLaws(feesProjection, [...OPENING, changed('SwapFeeUpdated', 30, 25, { block: 2 })]);
});
