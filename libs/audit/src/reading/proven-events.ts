import type { EventStore, RecordedEvent } from '@abland/kernel';
import { ProvenLog, type ProvenLogPorts } from './proven-log.js';

/** All events that a checkpoint commits to, in their order. */
export type ProvenEvents = AsyncIterable<readonly RecordedEvent[]>;

/**
 * All events that a checkpoint commits to, each held against what was hashed of it and all of them against the checkpoint.
 * @param asRead what decodes the log for programs; absent: they come as they are stored
 * @throws LogRewrittenError, ProofError, TreeDamagedError, while it is read or at its end
 */
export async function* provenEvents(
  ports: ProvenLogPorts,
  asRead: (log: EventStore) => EventStore = (log) => log,
): ProvenEvents {
  const proven = new ProvenLog(ports);
  const until = await proven.end();
  if (until !== null) yield* asRead(proven.asStore()).readAll({ until });
  await proven.proveWhole();
}
