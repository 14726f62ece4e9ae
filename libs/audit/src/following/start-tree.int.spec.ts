import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseVerifierKey, subtreeHashes, treeRoot, trustCheckpoint } from '@abland/audit-verify';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { collect, sampleEvent, sampleEvents } from '@abland/event-store/sample-events';
import {
  type EventStore,
  type NewEvent,
  type RecordedEvent,
  silentLogger,
  type SubscribeOptions,
  whenAborted,
} from '@abland/kernel';
import { copyStore } from '@abland/log-tools';
import { migrateLeases, openPool } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { StandInServer } from '@abland/testing/eventstoredb';
import type pg from 'pg';
import { eventEntry } from '../entries/event-entry.js';
import { LogSigner } from '../signing/log-signer.js';
import { migrateAudit } from '../storage/migrate.js';
import { readTiles, readTree, type StoredTree } from '../storage/tree-rows.js';
import { leafOf, SERVER_HASHER } from '../tree/server-hasher.js';
import { type RunningTree, startTree, type TreeOptions } from './start-tree.js';

const [SEED, OLD_SEED] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
const WAIT_MS_MAX = 60_000;
const SIGNER = new LogSigner('example.com/log', [SEED]);

describe('the tree of a log', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 6, logger: silentLogger });
    await migrateLeases(pool);
    await migrateAudit(pool);
  });
  afterEach(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
    await pool.end();
    await database.drop();
  });

  const start = (log: EventStore, more: Partial<TreeOptions> = {}): RunningTree => {
    const options = { log, pool, signer: SIGNER, logger: silentLogger, standbyIntervalMs: 50 };
    const running = startTree({ ...options, ...more });
    undo.push(() => running.stop());
    return running;
  };
  const soon = (expectations: () => void | Promise<void>): Promise<void> =>
    eventually(expectations, WAIT_MS_MAX);
  const grownTo = async (size: number): Promise<StoredTree> => {
    await soon(async () => expect((await readTree(pool))?.size).toBe(size));
    return (await readTree(pool)) as StoredTree;
  };
  const allOf = async (log: EventStore): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of log.readAll()) events.push(...page);
    return events;
  };
  const rootOf = async (log: EventStore): Promise<Buffer> => {
    const leaves: readonly Uint8Array[] = (await allOf(log)).map((event) => leafOf(eventEntry(event).entry));
    const reference = async (subtrees: readonly { height: number; index: number }[]) =>
      subtrees.map(({ height, index }) => {
        let level = leaves.slice(index * 2 ** height, (index + 1) * 2 ** height);
        while (level.length > 1)
          level = level.flatMap((left, at) =>
            at % 2 ? [] : [SERVER_HASHER.node(left, level[at + 1] ?? left)],
          );
        return level[0] ?? SERVER_HASHER.empty;
      });
    return Buffer.from(await treeRoot(leaves.length, reference, SERVER_HASHER));
  };
  const stored = async (): Promise<string> => {
    const { rows } = await pool.query<{ all: string }>(
      `SELECT string_agg(level || ':' || number || ':' || encode(hashes, 'hex'), ',' ORDER BY level, number) AS all
       FROM audit.tiles`,
    );
    return hash('sha256', rows[0]?.all ?? '');
  };
  const beginAnew = () => pool.query('TRUNCATE audit.tree, audit.tiles, audit.large_entries');

  it('has every event in the order of the log, and a checkpoint that the log signed', async () => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(700), 'any');
    start(log);
    const tree = await grownTo(700);
    expect(tree.root).toEqual(await rootOf(log));
    const trust = { logKeys: [parseVerifierKey(tree.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 };
    expect(trustCheckpoint(tree.checkpoint, trust)).toMatchObject({ origin: 'example.com/log', size: 700 });
  });

  it('grows with what is appended while it follows, tile by tile', async () => {
    const log = new MemoryEventStore();
    start(log);
    let size = 0;
    for (const count of [1, 254, 1, 1, 300]) {
      await log.append('order-1', sampleEvents(count), 'any');
      size += count;
      expect((await grownTo(size)).root).toEqual(await rootOf(log));
    }
    const hashes = subtreeHashes((tiles) => readTiles(pool, tiles), SERVER_HASHER);
    expect(Buffer.from(await treeRoot(size, hashes, SERVER_HASHER))).toEqual(await rootOf(log));
    expect(Buffer.from(await treeRoot(256, hashes, SERVER_HASHER))).not.toEqual(await rootOf(log));
  });

  it('goes on after a restart, and is the same when it is built anew', async () => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(257), 'any');
    const first = start(log);
    await grownTo(257);
    await first.stop();
    await log.append('order-1', sampleEvents(600), 'any');
    const second = start(log);
    const { checkpoint } = await grownTo(857);
    await second.stop();
    const tiles = await stored();
    await beginAnew();
    start(log);
    expect((await grownTo(857)).checkpoint).toBe(checkpoint);
    expect(await stored()).toBe(tiles);
  });

  it('is the same of a log on PostgreSQL and of its copy on EventStoreDB', async () => {
    const log = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    undo.push(() => log.close());
    for (let index = 0; index < 30; index += 1)
      await log.append(`order-${index % 7}`, sampleEvents((index % 5) * 9 + 1), 'any');
    await log.append(
      'order-1',
      [sampleEvent({ text: 'ü\u2028"', big: 'x'.repeat(70_000), z: 1, a: [1.5e300] })],
      'any',
    );
    const size = (await allOf(log)).length;
    const first = start(log);
    const { checkpoint } = await grownTo(size);
    await first.stop();
    const tiles = await stored();

    const server = await StandInServer.start();
    undo.push(async () => server.kill());
    await copyStore({
      fromUrl: database.url,
      toUrl: server.url,
      logger: silentLogger,
      recorded: (copy) => copy(),
    });
    const copied = new EventStoreDbEventStore({ connectionString: server.url, logger: silentLogger });
    undo.push(() => copied.close());
    await beginAnew();
    start(copied);
    expect((await grownTo(size)).checkpoint).toBe(checkpoint);
    expect(await stored()).toBe(tiles);
  });

  it('lets masses wait that were only just recorded, and has them two minutes later', async () => {
    const log = new MemoryEventStore();
    await log.append('chain-1', sampleEvents(1_000).map(ofOldBlock), 'any');
    const [last] = await collect(log.readAll({ direction: 'backward', maxCount: 1 }));
    const recordedAt = Date.parse(last?.recordedAt ?? '');
    const asked = Promise.withResolvers<void>();
    const clock = (): number => {
      asked.resolve();
      return recordedAt;
    };
    const waiting = start(log, { clock, massesPauseMs: 3_600_000 });
    await asked.promise;
    await waiting.stop();
    expect(await readTree(pool)).toBeNull();
    start(log, { clock: () => recordedAt + 120_000, massesPauseMs: 3_600_000 });
    expect((await grownTo(1_000)).root).toEqual(await rootOf(log));
  });

  it('is grown by one program at a time, and by another when that one stops', async () => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(10), 'any');
    const first = start(log);
    await grownTo(10);
    const second = start(log);
    await soon(async () => expect(second.status().state).toBe('STANDBY'));
    await first.stop();
    await log.append('order-1', sampleEvents(10), 'any');
    expect((await grownTo(20)).root).toEqual(await rootOf(log));
    await soon(() => expect(second.status().state).toBe('RUNNING'));
  });

  it('is told to stand where the log says nothing, though nothing fails', async () => {
    const log = new MemoryEventStore();
    const silent: EventStore = Object.assign(Object.create(log) as EventStore, {
      async *subscribeToAll({ signal }: SubscribeOptions) {
        if (signal !== undefined) await whenAborted(signal);
        yield* [];
      },
    });
    const tree = start(silent);
    await soon(() =>
      expect(tree.status()).toMatchObject({ state: 'RUNNING', standsAt: 'log', failure: null }),
    );
  });

  it('is signed by both keys while they are changed, and anew where nothing else comes', async () => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(3), 'any');
    const old = new LogSigner('example.com/log', [OLD_SEED]);
    const before = start(log, { signer: old });
    await grownTo(3);
    await before.stop();
    start(log, { signer: new LogSigner('example.com/log', [SEED, OLD_SEED]) });
    await soon(async () => {
      const tree = (await readTree(pool)) as StoredTree;
      const keys = tree.verifierKeys.trim().split('\n').map(parseVerifierKey);
      expect(keys).toHaveLength(2);
      for (const key of keys)
        trustCheckpoint(tree.checkpoint, { logKeys: [key], witnessKeys: [], witnessesMin: 0 });
    });
  });

  it.each([
    [
      'of a tile',
      `UPDATE audit.tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE level = 0`,
    ],
    ['of the root', `UPDATE audit.tree SET root = set_byte(root, 4, get_byte(root, 4) # 1)`],
    ['of the size', `UPDATE audit.tree SET size = size - 1`],
  ])('is signed no more where a byte %s was changed', async (_what, change) => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(30), 'any');
    const before = start(log);
    const { checkpoint } = await grownTo(30);
    await before.stop();
    await pool.query(change);
    await log.append('order-1', sampleEvents(1), 'any');
    const after = start(log);
    await soon(async () => expect(after.status().failure?.code).toBe('AUDIT_TREE_DAMAGED'));
    expect((await readTree(pool))?.checkpoint).toBe(checkpoint);
  });

  it('is not grown in another name, nor with another log', async () => {
    const log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(5), 'any');
    const before = start(log);
    await grownTo(5);
    await before.stop();
    const renamed = start(log, { signer: new LogSigner('example.com/other', [SEED]) });
    await soon(async () => expect(renamed.status().failure?.code).toBe('LOG_ORIGIN_CHANGED'));
    await renamed.stop();
    const other = new MemoryEventStore();
    await other.append('order-1', sampleEvents(9), 'any');
    const moved = start(other);
    await soon(async () => expect(moved.status().failure?.code).toBe('LOG_MISMATCH'));
    expect((await readTree(pool))?.size).toBe(5);
  });

  it('has another root with any byte of any event changed', async () => {
    const log = new MemoryEventStore();
    await log.append(
      'order-1',
      [sampleEvent({ amount: '100', to: '0xab' }), sampleEvent({ amount: '7' })],
      'any',
    );
    const entries = (await allOf(log)).map((event) => Buffer.from(eventEntry(event).entry));
    const root = (bytes: readonly Uint8Array[]) =>
      SERVER_HASHER.node(...(bytes.map((entry) => SERVER_HASHER.leaf(entry)) as [Uint8Array, Uint8Array]));
    const right = Buffer.from(root(entries)).toString('hex');
    const seen = new Set([right]);
    let changes = 0;
    for (const [index, entry] of entries.entries())
      for (let at = 0; at < entry.length; at += 1, changes += 1)
        seen.add(Buffer.from(root(entries.with(index, changed(entry, at)))).toString('hex'));
    expect(seen.size).toBe(changes + 1);
  });
});

const ofOldBlock = (event: NewEvent): NewEvent => {
  const block = { chainId: 1, blockNumber: 1, blockHash: '0xb', blockTime: 1 };
  return {
    ...event,
    metadata: { ...event.metadata, chain: { ...block, txHash: null, logIndex: null, commandId: null } },
  };
};

function changed(bytes: Uint8Array, at: number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}
