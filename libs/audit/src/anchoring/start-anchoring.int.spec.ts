import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toHex } from '@abland/audit-verify';
import { MemoryEventStore } from '@abland/event-store';
import { sampleEvent, sampleEvents } from '@abland/event-store/sample-events';
import { AblandError, type EventStore, silentLogger } from '@abland/kernel';
import { migrateLeases, openPool } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase, until } from '@abland/testing';
import type pg from 'pg';
import { startTree } from '../following/start-tree.js';
import { LogSigner } from '../signing/log-signer.js';
import { migrateAudit } from '../storage/migrate.js';
import { readTree } from '../storage/tree-rows.js';
import {
  type AnchoringOptions,
  type AnchorPlace,
  type RunningAnchoring,
  startAnchoring,
} from './start-anchoring.js';

const SIGNER = new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]);
const HOUR_MS = 3_600_000;
/** Of its own time, so that nothing is due that a test did not make due. */
const START_MS = 1_800_000_000_000;

class Away extends AblandError {
  readonly code = 'CHAIN_AWAY';
  override readonly failureClass = 'LATER';
}

/** A chain that has an anchor as soon as it is handed one. */
class TestPlace implements AnchorPlace {
  readonly heads: { treeSize: number; rootHash: string; anchoredAt: number }[] = [];
  handed = 0;
  isAway = false;
  /** Of handing one over alone. */
  refuses = false;
  /** Seconds that its clock is behind. */
  behind = 0;
  takes = true;

  constructor(private readonly now: () => number) {}

  async newest(): ReturnType<AnchorPlace['newest']> {
    if (this.isAway) throw new Away('No provider answers');
    return this.heads.at(-1) ?? null;
  }

  async anchor(treeSize: number, rootHash: string): Promise<void> {
    this.handed += 1;
    if (this.refuses) throw new Away('Cannot be paid');
    if (this.takes)
      this.heads.push({ treeSize, rootHash, anchoredAt: Math.floor(this.now() / 1_000) - this.behind });
  }
}

describe('the anchoring of a tree', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let log: MemoryEventStore;
  let now: number;
  let place: TestPlace;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 8, logger: silentLogger });
    await migrateLeases(pool);
    await migrateAudit(pool);
    log = new MemoryEventStore();
    now = START_MS;
    place = new TestPlace(() => now);
    const tree = startTree({ log, pool, signer: SIGNER, logger: silentLogger, standbyIntervalMs: 50 });
    undo.push(() => tree.stop());
  });
  afterEach(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
    await pool.end();
    await database.drop();
  });

  const start = (more: Partial<AnchoringOptions> = {}): RunningAnchoring => {
    const running = startAnchoring({
      ...{ name: 'anchor-7', place, pool, log, clock: () => now, logger: silentLogger },
      isTelling: ({ type }) => type !== 'BlockIngested',
      ...{
        intervalMs: 0,
        lookEveryMs: 5,
        idleLookEveryMs: 5,
        standbyIntervalMs: 20,
        pauseMs: { min: 5, max: 20 },
      },
      ...more,
    });
    undo.push(() => running.stop());
    return running;
  };
  const grow = async (count: number): Promise<void> => {
    const before = (await readTree(pool))?.size ?? 0;
    await log.append('order-1', sampleEvents(count), 'any');
    await until(async () => (await readTree(pool))?.size === before + count);
  };
  const rootNow = async (): Promise<string> => `0x${toHex((await readTree(pool))?.root ?? new Uint8Array())}`;
  const anchored = (sizes: readonly number[]): Promise<void> =>
    eventually(() => expect(place.heads.map(({ treeSize }) => treeSize)).toEqual(sizes));
  /** Looks are short: as many as may be needed to do what must not be done. */
  const someLooks = async (running: RunningAnchoring): Promise<void> => {
    await until(() => running.status().progressAgeMs !== null);
    await new Promise((resolve) => setTimeout(resolve, 150));
  };

  it('gives the chain the tree that is served, and again once something came', async () => {
    const running = start();
    await grow(3);
    await anchored([3]);
    expect(place.heads[0]?.rootHash).toBe(await rootNow());
    await grow(300);
    await eventually(() => expect(place.heads.at(-1)?.treeSize).toBe(303));
    expect(place.heads.at(-1)?.rootHash).toBe(await rootNow());
    await eventually(() =>
      expect(running.status()).toMatchObject({ anchored: { treeSize: 303 }, lateMs: null, failure: null }),
    );
  });

  it('waits for the interval, by the time of the block that has the last', async () => {
    const running = start({ intervalMs: HOUR_MS });
    const before = { treeSize: 0, rootHash: '', anchoredAt: START_MS / 1_000 };
    await grow(2);
    place.heads.push({ ...before, treeSize: 2, rootHash: await rootNow() });
    await grow(2);
    await someLooks(running);
    expect(place.handed).toBe(0);
    expect(running.status().anchored).toEqual({ treeSize: 2, ageMs: 0 });
    await running.stop();
    now += HOUR_MS;
    // As due as it is, a program that was just started waits for a while: no longer than an interval.
    start({ intervalMs: 10 });
    await eventually(() => expect(place.heads.at(-1)?.treeSize).toBe(4));
  });

  it('asks for no anchor of what blocks and anchors tell of themselves', async () => {
    const running = start();
    await grow(2);
    await anchored([2]);
    const blocks = Array.from({ length: 400 }, () => ({ ...sampleEvent(), type: 'BlockIngested' }));
    await log.append('chain-7', blocks, 'any');
    await until(async () => (await readTree(pool))?.size === 402);
    await someLooks(running);
    await anchored([2]);
    await log.append('order-1', sampleEvents(1), 'any');
    await anchored([2, 403]);
  });

  it('hands it over again while the chain does not have it, and says for how long it has been due', async () => {
    place.takes = false;
    const running = start();
    await grow(1);
    await until(() => place.handed > 2);
    now = Date.now() + 5_000; // events are recorded by the store's clock
    await eventually(() => expect(running.status().lateMs).toBeGreaterThan(4_000));
    place.takes = true;
    await anchored([1]);
    await eventually(() => expect(running.status().lateMs).toBeNull());
  });

  it('accuses our log where the chain has another root of as many events, and anchors nothing more', async () => {
    await grow(5);
    place.heads.push({ treeSize: 4, rootHash: `0x${'7'.repeat(64)}`, anchoredAt: 1 });
    const running = start();
    await eventually(() => expect(running.status().failure?.code).toBe('ANCHOR_CONTRADICTS'));
    expect(place.handed).toBe(0);
  });

  it('says what it fails of, and for how long it is late, for as long as it fails', async () => {
    place.refuses = true;
    const running = start({ intervalMs: HOUR_MS, settledAfterMs: 30 });
    await grow(1);
    await until(() => place.handed > 0);
    await eventually(() => expect(running.status().failure?.code).toBe('CHAIN_AWAY'));
    now = Date.now() + HOUR_MS / 2;
    for (let samples = 0; samples < 60; samples += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { failure, lateMs } = running.status();
      expect([failure?.code, lateMs !== null && lateMs >= HOUR_MS / 2 - 60_000]).toEqual([
        'CHAIN_AWAY',
        true,
      ]);
    }
    expect(place.handed).toBeGreaterThan(5);
    place.refuses = false;
    await anchored([1]);
    await eventually(() => expect(running.status()).toMatchObject({ failure: null, lateMs: null }));
  });

  it('anchors no oftener than it should where its clock and the chain’s differ by more than the interval', async () => {
    place.behind = (10 * HOUR_MS) / 1_000;
    const running = start({ intervalMs: HOUR_MS, settledAfterMs: 0 });
    await grow(1);
    await anchored([1]);
    await grow(1);
    await someLooks(running);
    expect(place.handed).toBe(1);
  });

  /** The log with one event that is not as it was hashed. */
  const changedAt = (revision: bigint): EventStore =>
    Object.assign(Object.create(log) as EventStore, {
      async *readAll(...given: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
        for await (const page of log.readAll(...given))
          yield page.map((event) => (event.revision === revision ? { ...event, data: {} } : event));
      },
    });

  it('anchors nothing of a log that was changed after it was hashed', async () => {
    await grow(600);
    const running = start({ log: changedAt(100n) });
    await eventually(() => expect(running.status().failure?.code).toBe('LOG_REWRITTEN'));
    expect(place.handed).toBe(0);
  });

  it('hashes all that is new again before it anchors it, however much that is', async () => {
    await grow(12_000);
    // Further than a look goes over.
    const running = start({ log: changedAt(11_900n) });
    await eventually(() => expect(running.status().failure?.code).toBe('LOG_REWRITTEN'));
    expect(place.handed).toBe(0);
    await running.stop();
    start();
    await anchored([12_000]);
  });

  it('anchors nothing of a tree of which a tile is missing', async () => {
    await grow(600);
    await pool.query('DELETE FROM audit.tiles WHERE level = 0 AND number = 1');
    const running = start();
    await eventually(() => expect(running.status().failure?.code).toBe('AUDIT_TREE_DAMAGED'));
    expect(place.handed).toBe(0);
  });

  it('waits where the chain has a larger tree than ours is yet', async () => {
    await grow(2);
    const rootOfTwo = await rootNow();
    place.heads.push({ treeSize: 3, rootHash: rootOfTwo, anchoredAt: 1 });
    const running = start();
    await eventually(() =>
      expect(running.status().failure).toMatchObject({ code: 'ANCHOR_AHEAD', failureClass: 'LATER' }),
    );
    place.heads.pop();
    place.heads.push({ treeSize: 2, rootHash: rootOfTwo, anchoredAt: 1 });
    await grow(1);
    await eventually(() => expect(place.heads.at(-1)?.treeSize).toBe(3));
  });

  it('tells what the chain fails of, and goes on once it answers', async () => {
    place.isAway = true;
    const running = start();
    await grow(1);
    await eventually(() => expect(running.status().failure?.code).toBe('CHAIN_AWAY'));
    place.isAway = false;
    await anchored([1]);
    await eventually(() => expect(running.status().failure).toBeNull());
  });

  it('is done by one instance at a time', async () => {
    const [first, second] = [start(), start()];
    const states = (): readonly string[] => [first, second].map((one) => one.status().state).sort();
    await eventually(() => expect(states()).toEqual(['RUNNING', 'STANDBY']));
    await grow(1);
    await anchored([1]);
    await (first.status().state === 'RUNNING' ? first : second).stop();
    await grow(1);
    await anchored([1, 2]);
  });
});
