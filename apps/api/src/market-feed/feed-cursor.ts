import type { Position, Revision } from '@abland/kernel';
import {
  CursorExpiredError,
  decodeCursor,
  encodeCursor,
  InvalidCursorError,
  type SortOrder,
} from '@abland/projections';
import { changePlaceAt, changePlaceBy, NO_REVISION, type ReadableLog } from './changes/chain-changes.js';
import type { ChangePlace } from './changes/chain-change.js';

/** Chain, revision in its stream, and the event that is there: a log that was begun anew has another one. */
const orderOf = (topic: string): SortOrder => ({
  name: `following-${topic}`,
  parts: ['int8', 'int8', 'text'],
});

/** Where a follower of a topic is, as it keeps it. */
export const cursorOf = (topic: string, chainId: number, { eventId, revision }: ChangePlace): string =>
  encodeCursor(orderOf(topic), [`${chainId}`, `${revision}`, eventId]);

export interface Beginning {
  readonly topic: string;
  readonly chainId: number;
  /** The cursor of the last message that is known. */
  readonly after: string | null;
  /** A position of the log: what comes after it is not known. */
  readonly since: Position | null;
}

/**
 * The last change that a follower knows, by its revision in the chain's stream; null where it is told from now on.
 * @throws InvalidCursorError where the cursor is of another topic or chain
 * @throws CursorExpiredError where this log does not have it
 */
export async function knownRevision(
  log: ReadableLog,
  { after, chainId, since, topic }: Beginning,
): Promise<Revision | null> {
  if (since !== null) return (await changePlaceBy(log, chainId, since))?.revision ?? NO_REVISION;
  const [chain, revision, eventId] = decodeCursor(orderOf(topic), after) ?? [];
  if (after === null || revision === undefined || eventId === undefined) return null;
  if (chain !== `${chainId}` || BigInt(revision) < 0n) throw new InvalidCursorError(after);
  const place = await changePlaceAt(log, chainId, { revision: BigInt(revision), eventId });
  if (place === null) throw new CursorExpiredError(after);
  return place.revision;
}
