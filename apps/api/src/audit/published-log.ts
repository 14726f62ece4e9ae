import { ServedTree } from '@abland/audit';
import { asPrograms } from '@abland/event-codec';
import type { EventIndex } from '@abland/event-store';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { findEvent } from '@abland/log-tools';
import type { ReadModel } from '@abland/projections';
import type pg from 'pg';
import { ApiError } from '../errors/api-error.js';
import type { InSlot } from '../reading/read-slots.js';
import { type Tellable, tellableBy } from './withheld-requests.js';

/** The log as it is stored: nothing of it is decoded, and nothing opened. */
export interface StoredLog {
  readonly log: EventStore;
  readonly index: EventIndex;
}

type Tree = Pick<ServedTree, keyof ServedTree>;

/** The log and its tree of hashes as anybody may read them, each read in its turn. */
export interface PublishedLog {
  /** Its events as programs without keys read them: what is sealed stays so. */
  readonly stored: StoredLog;
  readonly tellable: Tellable;
  readonly tree: Tree;
  /** Null where there is none of the id. @throws ApiError INVALID_ARGUMENT where the store keeps no index of ids */
  eventOf(id: string): Promise<RecordedEvent | null>;
}

/** Whoever asks shall not have the whole log searched. */
const NO_INDEX = 'The log of this deployment keeps no index of ids';
export function publishedLog(ports: {
  readonly stored: StoredLog;
  readonly pool: pg.Pool;
  readonly readModel: ReadModel;
  /** As that of `tellableBy`. */
  readonly now: () => Promise<number>;
  readonly inSlot: InSlot;
}): PublishedLog {
  const { inSlot, now, pool, readModel, stored } = ports;
  const tellable = tellableBy({ now, readModel });
  const mayBeTold = async (events: readonly RecordedEvent[]): Promise<boolean> =>
    (await tellable(events)).length === events.length;
  return {
    // Without keys: what is sealed stays so.
    ...{ stored: { log: asPrograms(stored.log), index: stored.index }, tellable },
    tree: readInSlot(new ServedTree({ pool, log: stored.log, mayBeTold }), inSlot),
    eventOf: (id) => {
      if (stored.index.placeOf === undefined) throw new ApiError('INVALID_ARGUMENT', NO_INDEX, 'eventId');
      return inSlot(() => findEvent(stored.log, stored.index, { id }));
    },
  };
}

const readInSlot = (tree: ServedTree, inSlot: InSlot): Tree => ({
  head: () => inSlot(() => tree.head()),
  size: () => inSlot(() => tree.size()),
  verifierKeys: () => inSlot(() => tree.verifierKeys()),
  tile: (name) => inSlot(() => tree.tile(name)),
  bundle: (name) => inSlot(() => tree.bundle(name)),
  envelope: (sha256) => inSlot(() => tree.envelope(sha256)),
  prove: (event) => inSlot(() => tree.prove(event)),
  proveConsistency: (oldSize, size) => inSlot(() => tree.proveConsistency(oldSize, size)),
});
