import { ProvenLog, type ProvenEvents } from '@abland/audit';
import type { TreeHead } from '@abland/audit-verify';
import { asPrograms } from '@abland/event-codec';
import type { EventStore } from '@abland/kernel';
import type { Pool } from 'pg';

/**
 * All events that a checkpoint commits to, as programs read them, each held against what was hashed of it and all of them against the checkpoint.
 * @param log as it is stored
 * @throws LogRewrittenError, ProofError, TreeDamagedError, while it is read or at its end
 */
export async function* provenEvents(pool: Pool, log: EventStore, head: TreeHead): ProvenEvents {
  const proven = new ProvenLog({ pool, log, head });
  const until = await proven.end();
  if (until !== null) yield* asPrograms(proven.asStore()).readAll({ until });
  await proven.proveWhole();
}
