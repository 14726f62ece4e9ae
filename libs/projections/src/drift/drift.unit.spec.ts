import { describe, it } from '@jest/globals';
import { specify } from '../testing/specification.js';
import { CONTRACT, told } from '../testing/told-events.js';
import { driftProjection } from './projection.js';
import { drifts } from './tables.js';

const driftId = '00000000-0000-4000-8000-000000000001';
const [AT, LATER] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:01:00.000Z'];
const blockHash = `0x${'1'.repeat(64)}`;
const differences = [{ name: 'swapFee', ours: '31', chain: '30' }];
const found = (stream = 'reconciliation-7') =>
  told(
    'DriftFound',
    {
      ...{ driftId, kind: 'SETTINGS', contract: CONTRACT, poolId: null, account: null, differences },
      ...{ blockNumber: 9, blockHash, firstBlock: 4, firstBlockExact: false, at: AT },
    },
    stream,
  );
const ended = told('DriftEnded', { driftId, blockNumber: 12, blockHash, at: LATER }, 'reconciliation-7');
const { given } = specify(driftProjection);

describe('drift', () => {
  it('is of the chain of its stream, and lasts', () => {
    given()
      .when(found())
      .then(drifts, {
        ...{ chain_id: 7, drift_id: driftId, kind: 'SETTINGS', contract: CONTRACT, differences },
        ...{ block_number: 9, first_block: 4, first_block_exact: false, found_at: AT },
        ...{ ended_block: null, ended_at: null },
      });
  });

  it('ends', () => {
    given(found()).when(ended).then(drifts, { drift_id: driftId, ended_block: 12, ended_at: LATER });
  });

  it('is refused where no chain is told', () => {
    given().when(found('chain-7')).thenRefused('A drift of no chain');
  });
});
