import { placeOf, type Projection, rowOf } from '../engine/projection.js';
import { forwarderNonces } from './tables.js';

export const forwarderProjection: Projection = {
  name: 'forwarder',
  version: 1,
  tables: [forwarderNonces],
  handlers: {
    ForwardRequestExecuted: {
      reads: ({ data }) => [rowOf(forwarderNonces, { signer: data.signer })],
      apply: (event, rows) => {
        rows.put(forwarderNonces, {
          signer: event.data.signer,
          next_nonce: BigInt(event.data.nonce) + 1n,
          updated_block: placeOf(event).blockNumber,
        });
      },
    },
  },
};
