import { readFile } from 'node:fs/promises';
import { ServedTree } from '@abland/audit';
import {
  parseVerifierKey,
  trustCheckpoint,
  type TrustedCheckpoint,
  type VerifierKey,
} from '@abland/audit-verify';
import { AblandError, type EventStore } from '@abland/kernel';
import type { Pool } from 'pg';

export interface HeadFlags {
  /** Of the log; absent: what the deployment says. */
  readonly key?: readonly VerifierKey[];
  /** A file with a signed note; absent: the deployment's own. */
  readonly checkpoint?: string;
}

/** Nothing was hashed yet. */
export class NoCheckpointError extends AblandError {
  readonly code = 'NO_CHECKPOINT';
}

/** The checkpoint that a log is held against, its signed note, and the verifier keys that the log is signed by now. @throws NoCheckpointError, ProofError */
export async function trustedHead(
  ports: { readonly pool: Pool; readonly log: EventStore },
  { checkpoint, key }: HeadFlags,
): Promise<{ readonly head: TrustedCheckpoint; readonly note: string; readonly ownKeys: readonly string[] }> {
  const tree = new ServedTree({ ...ports, mayBeTold: () => Promise.resolve(true) });
  const own = await tree.verifierKeys();
  const note =
    checkpoint === undefined ? (await tree.head())?.checkpoint : await readFile(checkpoint, 'utf8');
  if (note === undefined || own === null) throw new NoCheckpointError('Nothing of the log was hashed yet');
  const ownKeys = own.trim().split('\n');
  const logKeys = key ?? ownKeys.map(parseVerifierKey);
  return { head: trustCheckpoint(note, { logKeys, witnessKeys: [], witnessesMin: 0 }), note, ownKeys };
}
