import { hash } from 'node:crypto';
import { type LogPlace, placeOf, type RecordedEvent } from '@abland/kernel';
import { holdLease, inTransaction, type Lease } from '@abland/postgres';
import type pg from 'pg';
import { eventEntry } from '../entries/event-entry.js';
import { LogOriginChangedError, TreeDamagedError } from '../failures/tree-errors.js';
import type { LogSigner } from '../signing/log-signer.js';
import {
  readOpenTiles,
  readTree,
  type StoredTree,
  writeLargeEntries,
  writeTree,
} from '../storage/tree-rows.js';
import { leafOf, SERVER_HASHER } from '../tree/server-hasher.js';
import { TreeBuilder } from '../tree/tree-builder.js';

/** The tree while this program is the one that grows it: events are added in memory, and stored together with a checkpoint of them. */
export class GrowingTree {
  private place: LogPlace | null;
  /** As it is stored. */
  private storedSize: number | null;
  private large: { readonly sha256: Buffer; readonly index: number }[] = [];
  /** What is added while this is stored is stored after it. */
  private storing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly pool: pg.Pool,
    private readonly lease: Lease,
    private readonly signer: LogSigner,
    private readonly builder: TreeBuilder,
    stored: StoredTree | null,
  ) {
    this.place = stored?.place ?? null;
    this.storedSize = stored?.size ?? null;
  }

  /**
   * Goes on with what is stored; where it was signed by other keys, signs it anew.
   * @throws TreeDamagedError, LogOriginChangedError
   */
  static async open(pool: pg.Pool, lease: Lease, signer: LogSigner): Promise<GrowingTree> {
    const stored = await readTree(pool);
    const size = stored?.size ?? 0;
    const reached = stored?.place.position ?? 0n;
    const builder = TreeBuilder.resume(size, await readOpenTiles(pool, size), reached, SERVER_HASHER);
    const tree = new GrowingTree(pool, lease, signer, builder, stored);
    if (stored === null) return tree;
    if (stored.origin !== signer.origin)
      throw new LogOriginChangedError(`The log's tree was begun as ${stored.origin}: set LOG_ORIGIN to it`, {
        stored: stored.origin,
        given: signer.origin,
      });
    if (!builder.root().equals(stored.root))
      throw new TreeDamagedError('The tiles do not lead to the root that was signed', { size });
    if (stored.verifierKeys !== signer.verifierKeys) await tree.store();
    return tree;
  }

  /** The last event that was added; null before the first. */
  get reached(): LogPlace | null {
    return this.place;
  }

  get size(): number {
    return this.builder.size;
  }

  add(event: RecordedEvent): void {
    const { entry, envelope } = eventEntry(event);
    if (envelope !== null)
      this.large.push({ sha256: hash('sha256', envelope, 'buffer'), index: this.builder.size });
    this.builder.append(leafOf(entry), event.position);
    this.place = placeOf(event);
  }

  /** Stores all that was added, behind what is being stored. Resolves when it is. */
  store(): Promise<void> {
    const { place, signer } = this;
    if (place === null) return Promise.resolve();
    const [before, size, root] = [this.storedSize, this.builder.size, this.builder.root()];
    const [changes, large] = [this.builder.takeChanges(), this.large];
    const { origin, verifierKeys } = signer;
    const checkpoint = signer.checkpoint({ size, root });
    this.large = [];
    this.storedSize = size;
    return (this.storing = this.storing.then(() =>
      inTransaction(this.pool, async (client) => {
        await holdLease(client, this.lease);
        await writeLargeEntries(client, large);
        await writeTree(client, before, { origin, verifierKeys, size, root, checkpoint, place }, changes);
      }),
    ));
  }

  /** What is being stored, or what it failed of. */
  stored(): Promise<void> {
    return this.storing;
  }
}
