import type { ForwardRequestExecuted } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import { forwarderNonces } from './tables.js';

const keyOf = (event: RecordedEvent<ForwardRequestExecuted>) => ({
  chain_id: chainPlaceOf(event).chainId,
  signer: event.data.signer,
});

export const forwarderProjection: Projection = {
  name: 'forwarder',
  version: 1,
  tables: [forwarderNonces],
  handlers: {
    ForwardRequestExecuted: {
      reads: (event) => [rowOf(forwarderNonces, keyOf(event))],
      apply: (event, rows) => {
        rows.put(forwarderNonces, {
          ...keyOf(event),
          next_nonce: BigInt(event.data.nonce) + 1n,
          updated_block: chainPlaceOf(event).blockNumber,
        });
      },
    },
  },
};
