import {
  type Clock,
  type EventStore,
  type Logger,
  type Running,
  silentLogger,
  type Supervised,
  type Timing,
} from '@abland/kernel';
import { MemoryEventStore } from '@abland/event-store';
import { createPreparedDatabase, type TestDatabase } from '@abland/testing';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { journalViewOf } from '../builds/views.js';
import { createReadModel } from '../create-read-model.js';
import type { ReadModel } from '../read-model/database.js';
import { PROJECTION_NAMES } from '../projections.js';
import { migrateProjections, startProjections } from '../start.js';

interface ProjectOptions {
  readonly batchSize?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly timing?: Pick<Timing, 'now'>;
  readonly journalKeptMs?: number;
}

const openBenchPool = (connectionString: string): pg.Pool =>
  openPool({ connectionString, name: 'projection-bench', max: 5, logger: silentLogger });

async function prepare(url: string): Promise<void> {
  const pool = openBenchPool(url);
  await migrateProjections(pool);
  await pool.end();
}

/** A database of its own with the read models in it, and a log to fold into them. */
export class ProjectionBench {
  private readonly running: Running[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: pg.Pool,
    readonly store: EventStore,
    readonly db: ReadModel,
  ) {}

  /** @param opened the log, or how to open one in the bench's database */
  static async open(
    opened: EventStore | ((connectionString: string) => Promise<EventStore>) = new MemoryEventStore(),
  ): Promise<ProjectionBench> {
    const database = await createPreparedDatabase('projections', prepare);
    const pool = openBenchPool(database.url);
    const store = typeof opened === 'function' ? await opened(database.url) : opened;
    return new ProjectionBench(database, pool, store, createReadModel(pool));
  }

  start(options: ProjectOptions & { store?: EventStore } = {}): Supervised {
    const running = startProjections({
      store: options.store ?? this.store,
      pool: this.pool,
      logger: options.logger ?? silentLogger,
      clock: options.clock ?? Date.now,
      standbyPauseMs: 20,
      failedPauseMs: 100,
      ...(options.timing === undefined ? {} : { timing: options.timing }),
      ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
      ...(options.journalKeptMs === undefined ? {} : { journalKeptMs: options.journalKeptMs }),
    });
    this.running.push(running);
    return running;
  }

  /** Runs the projections until they are level with the log. */
  async project(options: ProjectOptions = {}): Promise<void> {
    const running = this.start(options);
    await this.level(running);
    await running.stop();
  }

  /** Waits until every live checkpoint is at the head of the log. */
  async level(running?: Running): Promise<void> {
    const head = await this.store.head();
    for (;;) {
      const { rows } = await this.pool.query<{ level: boolean }>(
        `SELECT bool_and(coalesce(position, 0) >= $1) AS level FROM projections.builds WHERE state = 'LIVE'`,
        [(head ?? 0n).toString()],
      );
      if (rows[0]?.level === true) return;
      const pause = new Promise<void>((resolve) => setTimeout(resolve, 5));
      await (running === undefined ? pause : Promise.race([pause, running.ended]));
    }
  }

  /** Takes all tables away: the next run begins at the first event. */
  async forget(): Promise<void> {
    const { rows } = await this.pool.query<{ schema: string }>('SELECT schema FROM projections.builds');
    for (const { schema } of rows) await this.pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await migrateProjections(this.pool);
  }

  /** Numbers of the blocks that a reorg could take back with what the live journals keep. */
  async journaledBlocks(): Promise<readonly number[]> {
    const journals = PROJECTION_NAMES.map(
      (name) => `SELECT block_number FROM read_model.${journalViewOf(name)} WHERE block_number IS NOT NULL`,
    );
    const { rows } = await this.pool.query<{ block_number: string }>(journals.join(' UNION ALL '));
    return rows.map(({ block_number }) => Number(block_number));
  }

  async close(): Promise<void> {
    for (const running of this.running) await running.stop();
    await this.store.close();
    await this.pool.end();
    await this.database.drop();
  }
}
