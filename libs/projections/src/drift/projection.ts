import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { type Projection, rowOf } from '../engine/projection.js';
import { drifts } from './tables.js';

type OfDrift = Pick<RecordedEvent, 'stream'> & { readonly data: { readonly driftId: string } };

/** The stream's name tells the chain: `reconciliation-<chainId>`. */
function keyOf({ data, stream }: OfDrift): { readonly chain_id: number; readonly drift_id: string } {
  const chain_id = Number(/^reconciliation-(\d+)$/.exec(stream)?.[1]);
  if (!Number.isSafeInteger(chain_id)) throw new BadEventError('A drift of no chain', { stream });
  return { chain_id, drift_id: data.driftId };
}

/** What reconciliation told. */
export const driftProjection: Projection = {
  name: 'drift',
  version: 1,
  tables: [drifts],
  handlers: {
    DriftFound: {
      reads: (event) => [rowOf(drifts, keyOf(event))],
      apply: (event, rows) => {
        const { data } = event;
        rows.put(drifts, {
          ...keyOf(event),
          kind: data.kind,
          contract: data.contract,
          pool_id: data.poolId,
          account: data.account,
          differences: data.differences.map(({ name, ours, chain }) => ({ name, ours, chain })),
          block_number: data.blockNumber,
          block_hash: data.blockHash,
          first_block: data.firstBlock,
          first_block_exact: data.firstBlockExact,
          found_at: data.at,
          ended_block: null,
          ended_at: null,
        });
      },
    },
    DriftEnded: {
      reads: (event) => [rowOf(drifts, keyOf(event))],
      apply: (event, rows) => {
        const { at, blockNumber } = event.data;
        rows.patch(drifts, keyOf(event), { ended_block: blockNumber, ended_at: at });
      },
    },
  },
};
