import { ServedTree } from '@abland/audit';
import { REQUEST_STREAM_PREFIX } from '@abland/domain';
import type { EventIndex } from '@abland/event-store';
import type { Clock, EventStore, RecordedEvent } from '@abland/kernel';
import { findEvent } from '@abland/log-tools';
import { type ReadModel, requestsByIds } from '@abland/projections';
import type pg from 'pg';
import { ApiError } from '../errors/api-error.js';

/** The log as it is stored: nothing of it is decoded, and nothing opened. */
export interface StoredLog {
  readonly log: EventStore;
  readonly index: EventIndex;
}

/** The log and its tree of hashes as anybody may read them. */
export interface PublishedLog {
  readonly tree: ServedTree;
  /** Null where there is none of the id. @throws ApiError INVALID_ARGUMENT where the store keeps no index of ids */
  eventOf(id: string): Promise<RecordedEvent | null>;
}

/** Whoever asks shall not have the whole log searched. */
const NO_INDEX = 'The log of this deployment keeps no index of ids';
/** A request is at its end, or the chain has it, long before: its deadline is at most twenty minutes after its acceptance. */
const WAITING_MS_MAX = 2 * 60 * 60 * 1000;
const WAITING: ReadonlySet<string> = new Set(['ACCEPTED', 'SUBMITTED']);

export function publishedLog(ports: {
  readonly stored: StoredLog;
  readonly pool: pg.Pool;
  readonly readModel: ReadModel;
  readonly clock: Clock;
}): PublishedLog {
  const { clock, pool, readModel, stored } = ports;
  const mayBeTold = async (events: readonly RecordedEvent[]): Promise<boolean> => {
    const since = clock() - WAITING_MS_MAX;
    const young = events.filter(({ recordedAt }) => Date.parse(recordedAt) > since);
    const ids = [...new Set(young.flatMap(commandOf))];
    if (ids.length === 0) return true;
    const views = await requestsByIds(readModel, ids);
    // One that the read models do not know yet has just been accepted.
    return views.length === ids.length && views.every(({ status }) => !WAITING.has(status));
  };
  return {
    tree: new ServedTree({ pool, log: stored.log, mayBeTold }),
    eventOf: (id) => {
      if (stored.index.placeOf === undefined) throw new ApiError('INVALID_ARGUMENT', NO_INDEX, 'eventId');
      return findEvent(stored.log, stored.index, { id });
    },
  };
}

/** The command that an event is of, where telling it tells what somebody is about to do on the chain. */
function commandOf({ data, stream }: RecordedEvent): readonly string[] {
  if (stream.startsWith(REQUEST_STREAM_PREFIX)) return [stream.slice(REQUEST_STREAM_PREFIX.length)];
  const { commandId } = data;
  return stream.startsWith('relayer-') && typeof commandId === 'string' ? [commandId] : [];
}
