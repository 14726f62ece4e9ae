import { expect } from '@jest/globals';
import { requestStream } from '@abland/domain';
import { openPostgresEventStore } from '@abland/event-store';
import { type EventStore, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { settlementProcess } from './settlement-process.js';
import { CHAIN_ID, id, START, tell, type Told } from './story.fixture.js';

export const GRACE_MS = 30_000;

/** Settlements over one log and one database, under a clock of the test's. */
export class Settling {
  /** Milliseconds since the epoch. */
  now = START;
  /** Milliseconds that have passed. */
  passed = 0;
  private readonly running: RunningProcess[] = [];
  private readonly pools: pg.Pool[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly pool: pg.Pool,
    readonly store: EventStore,
  ) {}

  static async open(): Promise<Settling> {
    const database = await createTestDatabase();
    const pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    await migrateProcesses(pool);
    const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
    return new Settling(database, pool, store);
  }

  /** Another pool on its database. */
  openPool(config: pg.PoolConfig): pg.Pool {
    const pool = new pg.Pool({ ...config, connectionString: this.database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    this.pools.push(pool);
    return pool;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.store.close();
    for (const pool of [this.pool, ...this.pools]) await pool.end();
    await this.database.drop();
  }

  start(options: { log?: EventStore; batchSize?: number; chainId?: number } = {}): RunningProcess {
    const { log: store = this.store, batchSize = 500, chainId = CHAIN_ID } = options;
    const logger = silentLogger;
    const timing = { now: (): number => this.passed };
    const process = settlementProcess({ chainId, store, logger, unsubmittedGraceMs: GRACE_MS, timing });
    const { pool } = this;
    const intervals = { tickIntervalMs: 20, standbyIntervalMs: 20 };
    const clock = (): number => this.now;
    const started = startProcess({ process, store, pool, clock, logger, batchSize, ...intervals });
    this.running.push(started);
    return started;
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map((process) => process.stop()));
  }

  tell(story: readonly Told[], log = this.store): Promise<void> {
    return tell(log, story);
  }

  /** Types of a request's events, in order. */
  async typesOf(name: string, log = this.store): Promise<string[]> {
    const types: string[] = [];
    for await (const page of log.readStream(requestStream(id(name)))) {
      types.push(...page.map(({ type }) => type));
    }
    return types;
  }

  async ended(name: string, type: string, log = this.store): Promise<void> {
    await eventually(async () => expect((await this.typesOf(name, log)).at(-1)).toBe(type));
  }

  /** Until every settlement has handled all that is in the log, its own events among it. */
  async settled(log = this.store): Promise<void> {
    await eventually(async () => {
      for (const process of this.running) {
        expect(await process.status()).toMatchObject({ live: true, position: await log.head() });
      }
    });
  }

  async forgetAll(): Promise<void> {
    await this.pool.query('TRUNCATE processes.checkpoints, processes.requests, processes.chain_progress');
  }

  async tracked(): Promise<number> {
    return (await this.pool.query('SELECT FROM processes.requests')).rowCount ?? 0;
  }
}
