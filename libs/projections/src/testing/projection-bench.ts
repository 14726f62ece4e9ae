import {
  type Clock,
  type EventStore,
  type Logger,
  type Running,
  silentLogger,
  type Supervised,
} from '@abland/kernel';
import { MemoryEventStore } from '@abland/event-store';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { createReadModel, type ReadModel } from '../read-model/database.js';
import { migrateProjections, startProjections } from '../start.js';

interface ProjectOptions {
  readonly batchSize?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly journalKeptMs?: number;
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

  static async open(store: EventStore = new MemoryEventStore()): Promise<ProjectionBench> {
    const database = await createTestDatabase();
    const pool = openPool({
      connectionString: database.url,
      name: 'projection-bench',
      max: 5,
      logger: silentLogger,
    });
    await migrateProjections(pool);
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
        `SELECT bool_and(coalesce(position, 0) >= $1) AS level FROM projections.checkpoints WHERE target = 'live'`,
        [(head ?? 0n).toString()],
      );
      if (rows[0]?.level === true) return;
      const pause = new Promise<void>((resolve) => setTimeout(resolve, 5));
      await (running === undefined ? pause : Promise.race([pause, running.ended]));
    }
  }

  async close(): Promise<void> {
    for (const running of this.running) await running.stop();
    await this.store.close();
    await this.pool.end();
    await this.database.drop();
  }
}
