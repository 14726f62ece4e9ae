import { hashAt, HASH_BYTES, TILE_WIDTH } from '@abland/audit-verify';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { type EventEntry, eventEntry } from '../entries/event-entry.js';
import { LogRewrittenError } from '../failures/tree-errors.js';
import { type LeafTile, type Queryable, readLeafTile } from '../storage/tree-rows.js';
import { leafOf } from '../tree/server-hasher.js';

/** An event as the log has it, and the hash that the tree must have of it. */
export interface HashedEvent extends EventEntry {
  readonly event: RecordedEvent;
  readonly leaf: Buffer;
}

export function hashedEvent(event: RecordedEvent): HashedEvent {
  const entry = eventEntry(event);
  return { event, ...entry, leaf: leafOf(entry.entry) };
}

export const widthOf = ({ hashes }: LeafTile): number => hashes.length / HASH_BYTES;

/** That an event is what was hashed as one of a tile's leaves. @throws LogRewrittenError */
export function requireLeaf(tile: LeafTile, at: number, { event, leaf }: HashedEvent): void {
  if (at < widthOf(tile) && leaf.equals(hashAt(tile.hashes, at))) return;
  throw rewritten({ index: tile.number * TILE_WIDTH + at, eventId: event.id });
}

/** The events of a tile's first leaves, as they were hashed. @throws LogRewrittenError */
export async function eventsOfTile(
  log: EventStore,
  tile: LeafTile,
  count = widthOf(tile),
): Promise<readonly HashedEvent[]> {
  const events: HashedEvent[] = [];
  for await (const page of log.readAll({ after: tile.afterPosition, maxCount: count }))
    for (const event of page) {
      const hashed = hashedEvent(event);
      requireLeaf(tile, events.length, hashed);
      events.push(hashed);
    }
  if (events.length < count) throw rewritten({ index: tile.number * TILE_WIDTH + events.length });
  return events;
}

/** Which leaf of the tree an event is. @throws LogRewrittenError where it is none */
export async function indexOfEvent(db: Queryable, { event, leaf }: HashedEvent): Promise<number> {
  const tile = await readLeafTile(db, { position: event.position });
  const at = tile === null ? -1 : placeIn(tile.hashes, leaf);
  if (tile === null || at === -1) throw rewritten({ eventId: event.id });
  return tile.number * TILE_WIDTH + at;
}

/** Which of a tile's hashes it is; -1 where it is none of them. */
function placeIn(hashes: Buffer, leaf: Buffer): number {
  for (let at = hashes.indexOf(leaf); at !== -1; at = hashes.indexOf(leaf, at + 1))
    if (at % HASH_BYTES === 0) return at / HASH_BYTES;
  return -1;
}

const rewritten = (details: Readonly<Record<string, unknown>>): LogRewrittenError =>
  new LogRewrittenError('The log does not say what was hashed of it', details);
