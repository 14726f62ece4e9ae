import { setTimeout as sleep } from 'node:timers/promises';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import pg from 'pg';
import { PlainSequenceStore } from './plain-sequence-store.js';
import type { Fault } from './stress-schedule.js';
import { openStressedStore } from './stressed-store.js';
import { TcpGate } from './tcp-gate.js';

/** An append as any is, but for its end: it holds the log, writes where the next event will be, and takes it back. */
const ROLLED_BACK_APPEND = `
  SELECT id FROM event_store.log FOR UPDATE;
  INSERT INTO event_store.events (position, revision, recorded_at, event_id, version, stream, type, data, metadata)
    SELECT coalesce(max(position), 0) + 1, 0, now(), gen_random_uuid(), 1, 'rolled-back', 'NeverHappened', '{}', '{}'
    FROM event_store.events`;
/** Someone else's transaction with a number of its own, which holds back what counts on the oldest one. */
const LONG_TRANSACTION = 'SELECT pg_current_xact_id(), count(*) FROM event_store.events';

/** As long as a server needs to come back on a busy machine. */
const TRIES_MAX = 120;
const AGAIN_MS = 250;

/** A database of the run's own, behind an address that stays when it restarts. */
export class PostgresUnderStress {
  private readonly disturbances: Promise<void>[] = [];
  restarts = 0;
  rolledBack = 0;
  longTransactions = 0;

  private constructor(
    private readonly folder: string,
    private postgres: RunningPostgres,
    private readonly gate: TcpGate,
  ) {}

  static async start(folder: string): Promise<PostgresUnderStress> {
    const postgres = await startPostgres({ dataDir: folder, database: 'stress' });
    const gate = await TcpGate.open(portOf(postgres));
    const database = new PostgresUnderStress(folder, postgres, gate);
    await (await openStressedStore('ours', database.url)).close();
    await database.query(`CREATE SCHEMA stress;
      CREATE TABLE stress.checkpoints (subscriber text PRIMARY KEY, position numeric(20) NOT NULL);
      CREATE TABLE stress.seen (noted bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subscriber text NOT NULL, position numeric(20) NOT NULL, event_id uuid NOT NULL, digest text NOT NULL);
      ${PlainSequenceStore.TABLE}`);
    return database;
  }

  get url(): string {
    const url = new URL(this.postgres.url);
    url.port = String(this.gate.port);
    return url.href;
  }

  async inject(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'cut-connections':
        return this.gate.cut();
      case 'roll-back':
        return this.disturb(ROLLED_BACK_APPEND, fault.heldMs, () => (this.rolledBack += 1));
      case 'long-transaction':
        return this.disturb(LONG_TRANSACTION, fault.heldMs, () => (this.longTransactions += 1));
      case 'restart-store':
        return this.restart();
      default:
        return;
    }
  }

  /** Waits for the transactions that are still held. */
  async settle(): Promise<void> {
    await Promise.all(this.disturbances);
  }

  async query<Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined); // the query tells
    await client.connect();
    try {
      return (await client.query<Row>(statement, values)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.gate.close();
    await this.postgres.stop();
    await removePostgresData(this.folder);
  }

  /** A transaction of someone else's, held open for a while and then rolled back; again where another fault ended it first. */
  private disturb(statement: string, heldMs: number, onDone: () => void): void {
    const work = async (): Promise<void> => {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        if (await this.hold(statement, heldMs)) return onDone();
        await sleep(AGAIN_MS);
      }
    };
    this.disturbances.push(work());
  }

  private async hold(statement: string, heldMs: number): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined); // cut off by another fault
    try {
      await client.connect();
      await client.query('BEGIN');
      await client.query(statement);
      await sleep(heldMs);
      await client.query('ROLLBACK');
      return true;
    } catch {
      return false; // another fault ended it
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  /** As after a power cut: no shutdown, recovery from the write-ahead log. */
  private async restart(): Promise<void> {
    process.kill(this.postgres.pid, 'SIGQUIT');
    await this.postgres.ended.catch(() => undefined); // it says that it ended by itself, which is what was wanted
    this.restarts += 1;
    this.postgres = await startPostgres({ dataDir: this.folder, database: 'stress' });
    this.gate.lead(portOf(this.postgres));
  }
}

const portOf = ({ url }: RunningPostgres): number => Number(new URL(url).port);
