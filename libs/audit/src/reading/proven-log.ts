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
  withLeaves,
} from '@abland/audit-verify';
import {
  type EventBatch,
  type EventStore,
  matchesFilter,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
  type SubscribeOptions,
} from '@abland/kernel';
import type pg from 'pg';
import { CheckpointTooOldError, LogBehindError, LogRewrittenError } from '../failures/tree-errors.js';
import { type LeafTile, type Queryable, readLeafTile, readTiles, readTree } from '../storage/tree-rows.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';
import {
  eventsOfTile,
  type HashedEvent,
  hashedEvent,
  indexOfEvent,
  requireLeaf,
  widthOf,
} from './hashed-events.js';

export interface ProvenLogPorts {
  /** Of the tree. */
  readonly pool: pg.Pool;
  /** As it is stored. */
  readonly log: EventStore;
  /** Of a checkpoint that is trusted. */
  readonly head: TreeHead;
}

/**
 * The log for who reads it whole and in order and wants it to be what a checkpoint was signed of: each event is hashed as it is read and
 * held against its tile, and all of them together, at the end, against the checkpoint's root. Of what it gave nothing may be used before `prove`.
 */
export class ProvenLog {
  private readonly hashes;
  private frontier: Frontier = EMPTY_FRONTIER;
  private tile: LeafTile | null = null;

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

  /** Where the last event is that the checkpoint commits to; null where it commits to none. @throws LogBehindError, LogRewrittenError */
  async end(): Promise<Position | null> {
    const { head, log } = this.ports;
    if (head.size === 0) return null;
    const size = (await readTree(this.db))?.size ?? 0;
    if (size < head.size)
      throw new LogBehindError(`The log has ${size} events, the checkpoint is of ${head.size}`, { size });
    const tile = await readLeafTile(this.db, { number: Math.floor((head.size - 1) / TILE_WIDTH) });
    const events = tile === null ? [] : await eventsOfTile(log, tile, ((head.size - 1) % TILE_WIDTH) + 1);
    const last = events.at(-1);
    if (last === undefined)
      throw new LogRewrittenError('The tree ends before its checkpoint', { size: head.size });
    return last.event.position;
  }

  /** As `prove`, and that nothing of it is left to be read. */
  async proveWhole(): Promise<void> {
    const { size } = this.ports.head;
    if (this.size < size)
      throw new LogRewrittenError('The log ends before its tree', { read: this.size, size });
    await this.prove();
  }

  /** That an event is in what the checkpoint was signed of. @throws as `prove`, LogRewrittenError */
  async requireEvent(event: RecordedEvent): Promise<void> {
    const { head } = this.ports;
    const hashed = hashedEvent(event);
    const index = await indexOfEvent(this.db, hashed);
    if (index >= head.size) throw tooOld(head.size);
    const path = await hashRanges(inclusionRanges(index, head.size), this.hashes, SERVER_HASHER);
    checkInclusion({ index, hash: hashed.leaf }, head, path, SERVER_HASHER);
  }

  private async *readAll({ filter, ...range }: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]> {
    if (range.direction === 'backward' || range.maxCount !== undefined)
      throw new TypeError('A log that is proved is read forward, to its end');
    let index = await this.indexAfter(range.after);
    for await (const page of this.ports.log.readAll(range)) {
      const hashed = page.map(hashedEvent);
      for (const [at, one] of hashed.entries()) await this.requireLeaf(index + at, one);
      // What was read before a failure, and is read again, was counted.
      const leaves = hashed.map(({ leaf }) => leaf);
      const fresh = leaves.slice(Math.max(0, this.size - index));
      this.frontier = withLeaves(this.frontier, fresh, SERVER_HASHER);
      index += page.length;
      const wanted = page.filter((event) => matchesFilter(event, filter));
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

  private async requireLeaf(index: number, event: HashedEvent): Promise<void> {
    if (index >= this.ports.head.size) throw tooOld(this.ports.head.size);
    const [number, at] = [Math.floor(index / TILE_WIDTH), index % TILE_WIDTH];
    // It was read before the last one grew as wide.
    if (this.tile?.number !== number || widthOf(this.tile) <= at) {
      this.tile = await readLeafTile(this.db, { number });
      if (this.tile === null) throw new LogRewrittenError('The tree ends before the log', { index });
    }
    requireLeaf(this.tile, at, event);
  }

  private get db(): Queryable {
    return this.ports.pool as unknown as Queryable;
  }
}

const tooOld = (size: number): CheckpointTooOldError =>
  new CheckpointTooOldError(`The checkpoint is of the first ${size} events: take a newer one`, { size });
