import {
  checkInclusion,
  encodeBundle,
  formatBundle,
  formatProof,
  HASH_BYTES,
  hashRanges,
  inclusionRanges,
  subtreeHashes,
  TILE_WIDTH,
  type TileName,
} from '@abland/audit-verify';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import type pg from 'pg';
import { EntriesWithheldError } from '../failures/tree-errors.js';
import { type PublishedCheckpoint, readHeads } from '../storage/cosignature-rows.js';
import {
  readLargeEntry,
  readLeafTile,
  readTile,
  readTiles,
  type Queryable,
  readTree,
  type StoredTree,
} from '../storage/tree-rows.js';
import { proveConsistency } from './consistency.js';
import { eventsOfTile, hashedEvent, indexOfEvent, widthOf } from './hashed-events.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';

/** What proves that an event is in the log. */
export interface EventProof {
  readonly index: number;
  readonly entry: string;
  /** The event's envelope where the entry only has its hash; else null. */
  readonly envelope: string | null;
  /** C2SP tlog-proof, with the checkpoint that is served, or, of what is not in that yet, the newest. */
  readonly proof: string;
  /** All of it in one file, with the keys that signed: what `abland audit verify` reads. */
  readonly bundle: string;
}

export interface ServedTreePorts {
  /** Of the tree. */
  readonly pool: pg.Pool;
  /** As it is stored: nothing decoded, nothing opened. */
  readonly log: EventStore;
  /** Whether anybody may be told of all these events by now. */
  readonly mayBeTold: (events: readonly RecordedEvent[]) => Promise<boolean>;
}

/** A tree that the log signed, as it is served. */
export interface ServedHead extends PublishedCheckpoint {
  /** Names the log, for good. */
  readonly origin: string;
}

/** The tree as others may read it. Entries are read from the log and held against what was hashed of them. */
export class ServedTree {
  private readonly hashes;

  constructor(private readonly ports: ServedTreePorts) {
    this.hashes = subtreeHashes((tiles) => readTiles(this.db, tiles), SERVER_HASHER);
  }

  /**
   * The newest checkpoint, or, where witnesses are asked, the newest that enough of them cosigned. It never goes back. Null where
   * nothing was hashed yet.
   */
  async head(): Promise<ServedHead | null> {
    const { newest, published } = await readHeads(this.db);
    return newest === null ? null : servedHead(newest, published);
  }

  /** How many leaves there are by now, whoever cosigned them. */
  async size(): Promise<number> {
    return (await readTree(this.db))?.size ?? 0;
  }

  /** Verifier keys of the log that sign now, a line each, the newest first; null where nothing was hashed yet. */
  async verifierKeys(): Promise<string | null> {
    return (await readTree(this.db))?.verifierKeys ?? null;
  }

  /** The hashes of a tile; null where there are not so many. */
  async tile({ level, number, width }: TileName & { readonly level: number }): Promise<Buffer | null> {
    const hashes = await readTile(this.db, { level, number });
    const bytes = width * HASH_BYTES;
    return hashes === null || hashes.length < bytes ? null : hashes.subarray(0, bytes);
  }

  /**
   * A bundle of entries; null where there are not so many.
   * @throws LogRewrittenError, EntriesWithheldError
   */
  async bundle({ number, width }: Pick<TileName, 'number' | 'width'>): Promise<Uint8Array | null> {
    const tile = await readLeafTile(this.db, { number });
    if (tile === null || widthOf(tile) < width) return null;
    const leaves = await eventsOfTile(this.ports.log, tile, width);
    await this.requirePublic(leaves.map(({ event }) => event));
    return encodeBundle(leaves.map(({ entry }) => Buffer.from(entry)));
  }

  /** The envelope of a hash that an entry names; null where none does. @throws LogRewrittenError */
  async envelope(sha256: Buffer): Promise<string | null> {
    const index = await readLargeEntry(this.db, sha256);
    if (index === null) return null;
    const tile = await readLeafTile(this.db, { number: Math.floor(index / TILE_WIDTH) });
    const leaves = tile === null ? [] : await eventsOfTile(this.ports.log, tile, (index % TILE_WIDTH) + 1);
    await this.requirePublic(leaves.slice(-1).map(({ event }) => event));
    return leaves.at(-1)?.envelope ?? null;
  }

  /**
   * Of an event as the log has it; null where it was not hashed yet.
   * @throws LogRewrittenError, EntriesWithheldError, TreeDamagedError
   */
  async prove(event: RecordedEvent): Promise<EventProof | null> {
    const { newest, published } = await readHeads(this.db);
    if (newest === null || event.position > newest.place.position) return null;
    const hashed = hashedEvent(event);
    const { entry, envelope, leaf } = hashed;
    const index = await indexOfEvent(this.db, hashed);
    await this.requirePublic([event]);
    // What is newer than the last cosigned checkpoint is proved by the log's own word.
    const head = servedHead(newest, published !== null && index < published.size ? published : null);
    const path = await hashRanges(inclusionRanges(index, head.size), this.hashes, SERVER_HASHER);
    // Whoever gets a proof that does not hold would have to think that the log was changed.
    checkInclusion({ index, hash: leaf }, head, path, SERVER_HASHER);
    const proof = formatProof({ extra: null, index, path, checkpoint: head.checkpoint });
    const verifierKeys = [...head.verifierKeys.trim().split('\n'), ...head.witnessKeys];
    const bundle = formatBundle({ entries: [{ entry, envelope, proof }], verifierKeys });
    return { index, entry, envelope, proof, bundle };
  }

  /** That the tree of a size is the beginning of that of another. @throws ProofError MALFORMED where there are no such trees */
  proveConsistency(oldSize: number, size: number): Promise<readonly Uint8Array[]> {
    return proveConsistency(this.db, oldSize, size);
  }

  private async requirePublic(events: readonly RecordedEvent[]): Promise<void> {
    if (await this.ports.mayBeTold(events)) return;
    throw new EntriesWithheldError('Some of these entries are told once the chain has what they ask for');
  }

  private get db(): Queryable {
    return this.ports.pool as unknown as Queryable;
  }
}

const servedHead = (newest: StoredTree, published: PublishedCheckpoint | null): ServedHead => ({
  ...(published ?? { ...newest, witnessKeys: [] }),
  origin: newest.origin,
});
