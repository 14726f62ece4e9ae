import { subtreeHashes, TILE_WIDTH, toHex, treeRoot } from '@abland/audit-verify';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import type pg from 'pg';
import { AnchorAheadError, AnchorContradictsError } from '../failures/anchor-errors.js';
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

/** So many events that are not worth it are worth it together. */
const PASSED_OVER_MAX = 5_000;

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
   * That an anchored tree is the beginning of ours.
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

  /** Whether something worth a transaction is among the events of a tree that a smaller one has not. */
  async hasNews(size: number, since: number): Promise<boolean> {
    const news = size - since;
    if (news <= 0) return false;
    if (news > PASSED_OVER_MAX) return true;
    const tile = await readLeafTile(this.db, { number: Math.floor(since / TILE_WIDTH) });
    let passed = since % TILE_WIDTH;
    const range = { after: tile?.afterPosition ?? 0n, maxCount: passed + news };
    for await (const page of this.ports.log.readAll(range))
      for (const event of page) {
        if (passed > 0) passed -= 1;
        else if (this.ports.isTelling(event)) return true;
      }
    return false;
  }

  private get db(): Queryable {
    return this.ports.pool as unknown as Queryable;
  }
}

const hexOf = (bytes: Uint8Array): string => `0x${toHex(bytes)}`;
