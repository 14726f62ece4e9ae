import { subtreeHashes, TILE_WIDTH, toHex, treeRoot } from '@abland/audit-verify';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import type pg from 'pg';
import { AnchorAheadError, AnchorContradictsError } from '../failures/anchor-errors.js';
import { TreeDamagedError } from '../failures/tree-errors.js';
import { eventsOfTile, widthOf } from '../reading/hashed-events.js';
import { readHeads } from '../storage/cosignature-rows.js';
import { type Queryable, readLeafTile, readTiles } from '../storage/tree-rows.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';

/** A tree that a chain has. */
export interface AnchoredRoot {
  readonly treeSize: number;
  /** Hexadecimal, in lower case, with 0x before it. */
  readonly rootHash: string;
}

export interface AnchoredTreePorts {
  /** Of the tree. */
  readonly pool: pg.Pool;
  /** As it is stored. */
  readonly log: EventStore;
  /** Whether an event is worth a transaction: what only tells of blocks and of anchors is not, else each anchor would ask for the next. */
  readonly isTelling: (event: RecordedEvent) => boolean;
}

/** What of a range of events is worth a transaction. */
export interface News {
  /** When the first that is was recorded, milliseconds since the epoch; null where none was found yet. */
  readonly at: number | null;
  /** Up to where nothing is: from there on is to be looked further. */
  readonly nothingUpTo: number;
}

/** Events that are read at a look; what comes after them is read at the next. */
const READ_MAX = 5_000;

/** Our tree beside what chains have of it. */
export class AnchoredTree {
  constructor(private readonly ports: AnchoredTreePorts) {}

  /** What is served now, which is what is anchored: the newest checkpoint, or the newest cosigned one. Null before the first. */
  async served(): Promise<AnchoredRoot | null> {
    const { newest, published } = await readHeads(this.db);
    const head = published ?? newest;
    return head === null ? null : { treeSize: head.size, rootHash: hexOf(head.root) };
  }

  /**
   * That an anchored tree is the beginning of ours, as it is stored.
   * @throws AnchorAheadError, AnchorContradictsError, TreeDamagedError
   */
  async requireOurs(anchored: AnchoredRoot): Promise<void> {
    const { newest } = await readHeads(this.db);
    const size = newest?.size ?? 0;
    if (anchored.treeSize > size)
      throw new AnchorAheadError('A larger tree of this log is anchored than there is', {
        anchored: anchored.treeSize,
        size,
      });
    const hashes = subtreeHashes((tiles) => readTiles(this.db, tiles), SERVER_HASHER);
    const root = hexOf(await treeRoot(anchored.treeSize, hashes, SERVER_HASHER));
    if (root !== anchored.rootHash.toLowerCase())
      throw new AnchorContradictsError(
        `The tree of ${anchored.treeSize} events that is anchored is not the beginning of ours`,
        { treeSize: anchored.treeSize, anchored: anchored.rootHash, ours: root },
      );
  }

  /**
   * That the log still says what was hashed of it, of the events of some tiles of a tree of a size; the tree itself does not change with it.
   * @throws LogRewrittenError, TreeDamagedError where a tile is not there, or not as wide
   */
  async requireLog(tiles: readonly number[], size: number): Promise<void> {
    for (const number of tiles) {
      const tile = await readLeafTile(this.db, { number });
      if (tile === null || widthOf(tile) < Math.min(TILE_WIDTH, size - number * TILE_WIDTH))
        throw new TreeDamagedError('A tile of the tree is missing, or not as wide as the tree', { number });
      await eventsOfTile(this.ports.log, tile);
    }
  }

  /** Of the events of a tree that a smaller one has not. */
  async newsOf(size: number, since: number): Promise<News> {
    const count = Math.min(size - since, READ_MAX);
    if (count <= 0) return { at: null, nothingUpTo: since };
    const tile = await readLeafTile(this.db, { number: Math.floor(since / TILE_WIDTH) });
    const passed = since % TILE_WIDTH;
    let index = since - passed;
    const range = { after: tile?.afterPosition ?? 0n, maxCount: passed + count };
    for await (const page of this.ports.log.readAll(range))
      for (const event of page) {
        if (index >= since && this.ports.isTelling(event))
          return { at: Date.parse(event.recordedAt), nothingUpTo: index };
        index += 1;
      }
    return { at: null, nothingUpTo: since + count };
  }

  private get db(): Queryable {
    return this.ports.pool as unknown as Queryable;
  }
}

const hexOf = (bytes: Uint8Array): string => `0x${toHex(bytes)}`;
