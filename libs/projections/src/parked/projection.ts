import type { RecordedEvent } from '@abland/kernel';
import { chainIdOf } from '../engine/chain-facts.js';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { parkedLogs, parkedMessages } from './tables.js';

const keyOfResolved = (
  event: Pick<RecordedEvent, 'stream'> & { readonly data: { readonly eventId: string } },
) => ({
  chain_id: chainIdOf(event),
  event_id: event.data.eventId,
});

/** What ingestion left out: logs until an operator has decided on them, messages of the log stream for good. */
export const parkedProjection: Projection = {
  name: 'parked',
  version: 1,
  tables: [parkedLogs, parkedMessages],
  handlers: {
    LogParked: {
      apply: (event, rows) => {
        const { data } = event;
        const place = chainPlaceOf(event);
        rows.insert(parkedLogs, {
          chain_id: place.chainId,
          event_id: event.id,
          revision: Number(event.revision),
          block_number: place.blockNumber,
          block_time: place.blockTime,
          tx_hash: place.txHash,
          log_index: place.logIndex,
          code: data.code,
          reason: storableText(data.reason),
          log: data.log,
          parked_at: event.recordedAt,
        });
      },
    },
    ParkedLogResolved: {
      reads: (event) => [rowOf(parkedLogs, keyOfResolved(event))],
      apply: (event, rows) => rows.delete(parkedLogs, keyOfResolved(event)),
    },
    MessageParked: {
      apply: (event, rows) =>
        rows.insert(parkedMessages, {
          chain_id: chainIdOf(event),
          event_id: event.id,
          topic: event.data.topic,
          code: event.data.code,
          reason: storableText(event.data.reason),
          parked_at: event.recordedAt,
        }),
    },
  },
};
