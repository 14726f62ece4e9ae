import {
  checkConsistency,
  checkInclusion,
  consistencyRanges,
  EMPTY_FRONTIER,
  type Frontier,
  hashRanges,
  inclusionRanges,
  rootOf,
  subtreeHashes,
  TILE_WIDTH,
  type TreeHead,
  hashAt,
  HASH_BYTES,
  withLeaves,
} from '@abland/audit-verify';
import type {
  EventBatch,
  EventFilter,
  EventStore,
  Position,
  ReadAllOptions,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';
import type pg from 'pg';
import { eventEntry } from '../entries/event-entry.js';
import { CheckpointTooOldError, LogRewrittenError } from '../failures/tree-errors.js';
import { type Queryable, readLeafTile, readTiles } from '../storage/tree-rows.js';
import { leafOf, SERVER_HASHER } from '../tree/server-hasher.js';

export interface ProvenLogPorts {
  /** Of the tree. */
  readonly pool: pg.Pool;
  /** As it is stored. */
  readonly log: EventStore;
  /** Of a checkpoint that is trusted. */
  readonly head: TreeHead;
}

interface KnownTile {
  readonly number: number;
  readonly hashes: Buffer;
}

/**
 * The log for who reads it whole and in order and wants it to be what a checkpoint was signed of: each event is hashed as it is read and
 * held against its tile, and all of them together, at the end, against the checkpoint's root. Of what it gave nothing may be used before `prove`.
 */
export class ProvenLog {
  private readonly hashes;
  private frontier: Frontier = EMPTY_FRONTIER;
  private tile: KnownTile | null = null;

  constructor(private readonly ports: ProvenLogPorts) {
    this.hashes = subtreeHashes((tiles) => readTiles(this.db, tiles), SERVER_HASHER);
  }

  /** What reads it forward from its beginning, or goes on where it was read to before. Nothing else is answered. */
  asStore(): EventStore {
    const refused = (): never => {
      throw new TypeError('A log that is proved is read in order, and takes nothing');
    };
    return {
      append: refused,
      readStream: refused,
      readAll: (options) => this.readAll(options ?? {}),
      subscribeToAll: refused as (options: SubscribeOptions) => AsyncIterable<EventBatch>,
      head: () => this.ports.log.head(),
      close: () => Promise.resolve(),
    };
  }

  /** How many events were read. */
  get size(): number {
    return this.frontier.size;
  }

  /**
   * That all that was read is the beginning of what the checkpoint was signed of.
   * @throws CheckpointTooOldError, ProofError INCONSISTENT, TreeDamagedError
   */
  async prove(): Promise<void> {
    const { head } = this.ports;
    const read = { size: this.size, root: rootOf(this.frontier, SERVER_HASHER) };
    if (read.size > head.size) throw tooOld(head.size);
    const path = await hashRanges(consistencyRanges(read.size, head.size), this.hashes, SERVER_HASHER);
    checkConsistency(read, head, path, SERVER_HASHER);
  }

  /** That an event is in what the checkpoint was signed of. @throws as `prove`, LogRewrittenError */
  async requireEvent(event: RecordedEvent): Promise<void> {
    const { head } = this.ports;
    const leaf = leafOf(eventEntry(event).entry);
    const tile = await readLeafTile(this.db, { position: event.position });
    const at = tile === null ? -1 : indexOf(leaf, tile.hashes);
    if (tile === null || at === -1) throw new LogRewrittenError(NOT_HASHED, { eventId: event.id });
    const index = tile.number * TILE_WIDTH + at;
    if (index >= head.size) throw tooOld(head.size);
    const path = await hashRanges(inclusionRanges(index, head.size), this.hashes, SERVER_HASHER);
    checkInclusion({ index, hash: leaf }, head, path, SERVER_HASHER);
  }

  private async *readAll({ filter, ...range }: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    if (range.direction === 'backward' || range.maxCount !== undefined)
      throw new TypeError('A log that is proved is read forward, to its end');
    let index = await this.indexAfter(range.after);
    for await (const page of this.ports.log.readAll(range)) {
      const leaves = page.map((event) => leafOf(eventEntry(event).entry));
      for (const [at, leaf] of leaves.entries()) await this.requireLeaf(index + at, leaf, page[at]);
      // What was read before a failure, and is read again, was counted.
      const fresh = leaves.slice(Math.max(0, this.size - index));
      this.frontier = withLeaves(this.frontier, fresh, SERVER_HASHER);
      index += page.length;
      const wanted = page.filter((event) => isWanted(event, filter));
      if (wanted.length > 0) yield wanted;
    }
  }

  /** Which leaf comes after a position. No event is left out before it: there is no other place to go on from than those read to. */
  private async indexAfter(after: Position | undefined): Promise<number> {
    if (after === undefined || after === 0n) return 0;
    const tile = await readLeafTile(this.db, { position: after });
    let index = (tile?.number ?? 0) * TILE_WIDTH;
    const from = tile === null ? {} : { after: tile.afterPosition };
    for await (const page of this.ports.log.readAll({ ...from, until: after })) index += page.length;
    if (index > this.size) throw new TypeError('A log that is proved is read from its beginning');
    return index;
  }

  private async requireLeaf(index: number, leaf: Buffer, event: RecordedEvent | undefined): Promise<void> {
    const number = Math.floor(index / TILE_WIDTH);
    if (index >= this.ports.head.size) throw tooOld(this.ports.head.size);
    const at = index % TILE_WIDTH;
    if (this.tile?.number !== number || this.tile.hashes.length <= at * HASH_BYTES) {
      const tile = await readLeafTile(this.db, { number });
      if (tile === null || tile.hashes.length <= at * HASH_BYTES)
        throw new LogRewrittenError('The tree ends before the log', { index });
      this.tile = tile;
    }
    if (!leaf.equals(hashAt(this.tile.hashes, at)))
      throw new LogRewrittenError(NOT_HASHED, { index, eventId: event?.id });
  }

  private get db(): Queryable {
    return this.ports.pool as unknown as Queryable;
  }
}

const NOT_HASHED = 'The log does not say what was hashed of it';
const tooOld = (size: number): CheckpointTooOldError =>
  new CheckpointTooOldError(`The checkpoint is of the first ${size} events: take a newer one`, { size });

const isWanted = ({ stream, type }: RecordedEvent, filter: EventFilter | undefined): boolean =>
  (filter?.types?.includes(type) ?? true) &&
  (filter?.streamPrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);

/** Which of a tile's hashes it is; -1 where it is none of them. */
function indexOf(leaf: Buffer, hashes: Buffer): number {
  for (let at = hashes.indexOf(leaf); at !== -1; at = hashes.indexOf(leaf, at + 1))
    if (at % HASH_BYTES === 0) return at / HASH_BYTES;
  return -1;
}
