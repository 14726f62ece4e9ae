import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import type { RecordedEvent } from '@abland/kernel';
import pg from 'pg';
import { matchesFilter } from '../event-filter.js';
import type { AppenderOptions } from './appender-process.js';
import { readJournal } from './appender-journal.js';
import { KeptProcess } from './kept-process.js';
import { type Finding, judgeLog, judgeSubscriber } from './oracle.js';
import { PlainSequenceStore } from './plain-sequence-store.js';
import { drawSchedule, type Fault } from './stress-schedule.js';
import { openStressedStore, type Variant } from './stressed-store.js';
import type { SubscriberOptions } from './subscriber-process.js';
import { TcpGate } from './tcp-gate.js';

export interface StressOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly variant?: Variant;
  readonly appenders?: number;
  readonly onProgress?: (message: string) => void;
}

export interface StressReport {
  readonly seed: number;
  readonly events: number;
  readonly appends: number;
  readonly appenderKills: number;
  readonly subscriberKills: number;
  readonly databaseRestarts: number;
  readonly findings: readonly Finding[];
}

const SUBSCRIBERS: readonly Omit<SubscriberOptions, 'url' | 'variant'>[] = [
  { name: 'all', batchSize: 200, workMs: 0 },
  { name: 'all-in-small-batches', batchSize: 7, workMs: 1 },
  { name: 'slow', batchSize: 500, workMs: 25 },
  {
    name: 'even-on-shared',
    batchSize: 50,
    workMs: 2,
    filter: { types: ['EvenHappened'], streamPrefixes: ['shared-'] },
  },
];
const CATCH_UP_MS_MAX = 120_000;

/** The workers run as compiled: where this file does not (in a test), its compiled neighbour is in dist. */
const program = (name: string): string =>
  fileURLToPath(new URL(`./${name}.js`, import.meta.url)).replace('/src/stress/', '/dist/stress/');

/** Runs appenders, subscribers and faults against a database of its own, then lets the oracle judge. */
export async function runStress(options: StressOptions): Promise<StressReport> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-stress-'));
  const run = new StressRun(folder, options);
  try {
    return await run.execute();
  } finally {
    await run.cleanUp();
    await removePostgresData(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

class StressRun {
  private readonly variant: Variant;
  private readonly appenders: KeptProcess[] = [];
  private readonly subscribers: KeptProcess[] = [];
  private readonly journals: string[] = [];
  private postgres: RunningPostgres | null = null;
  private gate: TcpGate | null = null;
  private restarts = 0;
  private readonly disturbances: Promise<void>[] = [];

  constructor(
    private readonly folder: string,
    private readonly options: StressOptions,
  ) {
    this.variant = options.variant ?? 'ours';
  }

  async execute(): Promise<StressReport> {
    await this.startDatabase();
    await this.createTables();
    this.startWorkers();
    await this.strike();
    this.progress('appenders finish, subscribers catch up');
    for (const appender of this.appenders) await appender.finish();
    const log = await this.readLog();
    await this.untilCaughtUp(log.at(-1)?.position ?? 0n);
    for (const subscriber of this.subscribers) await subscriber.end();
    return this.judge(log);
  }

  async cleanUp(): Promise<void> {
    for (const worker of [...this.appenders, ...this.subscribers]) {
      await worker.end().catch(() => undefined); // what broke it has been thrown by `execute`
    }
    await this.gate?.close();
    await this.postgres?.stop();
  }

  private async startDatabase(): Promise<void> {
    this.postgres = await startPostgres({ dataDir: this.folder, database: 'stress' });
    const port = Number(new URL(this.postgres.url).port);
    if (this.gate === null) this.gate = await TcpGate.open(port);
    else this.gate.lead(port);
  }

  /** The address of the gate, which stays the same when the database restarts. */
  private url(): string {
    const url = new URL(this.postgres?.url ?? '');
    url.port = String(this.gate?.port);
    return url.href;
  }

  private async createTables(): Promise<void> {
    await (await openStressedStore('ours', this.url())).close();
    await this.query(`CREATE SCHEMA stress;
      CREATE TABLE stress.checkpoints (subscriber text PRIMARY KEY, position bigint NOT NULL);
      CREATE TABLE stress.seen (noted bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subscriber text NOT NULL, position bigint NOT NULL, event_id uuid NOT NULL);
      ${PlainSequenceStore.TABLE}`);
  }

  private startWorkers(): void {
    const { seed, appenders = 3 } = this.options;
    const common = { url: this.url(), variant: this.variant };
    for (let index = 0; index < appenders; index += 1) {
      const journalPath = join(this.folder, `appender-${index}.journal`);
      this.journals.push(journalPath);
      const appender = new KeptProcess(program('appender-process'), (start): AppenderOptions => {
        const own = seed * 1_000 + index * 100_000_000 + start;
        return { ...common, journalPath, seed: own, lanes: 8, streams: 20, pauseMs: 15 };
      });
      this.appenders.push(appender);
    }
    for (const subscriber of SUBSCRIBERS) {
      this.subscribers.push(
        new KeptProcess(program('subscriber-process'), (): SubscriberOptions => ({
          ...common,
          ...subscriber,
        })),
      );
    }
  }

  private async strike(): Promise<void> {
    const durationMs = this.options.seconds * 1_000;
    const { length: subscribers } = this.subscribers;
    const { length: appenders } = this.appenders;
    const schedule = drawSchedule({ seed: this.options.seed, durationMs, appenders, subscribers });
    const start = Date.now();
    for (const fault of schedule) {
      await sleep(Math.max(0, start + fault.atMs - Date.now()));
      await this.inject(fault);
    }
    await sleep(Math.max(0, start + durationMs - Date.now()) + 500);
    await Promise.all(this.disturbances);
  }

  private async inject(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill-appender':
        return this.appenders[fault.index]?.kill();
      case 'kill-subscriber':
        return this.subscribers[fault.index]?.kill();
      case 'cut-connections':
        return this.gate?.cut();
      case 'roll-back':
        return this.disturb('UPDATE event_store.log SET partitioned_to = partitioned_to', 150);
      case 'long-transaction':
        return this.disturb('SELECT pg_current_xact_id(), count(*) FROM event_store.events', 3_000);
      case 'restart-database':
        return this.restartDatabase();
    }
  }

  /** A transaction of someone else's, held open for a while and then rolled back. */
  private disturb(statement: string, heldMs: number): void {
    const work = async (): Promise<void> => {
      const client = new pg.Client({ connectionString: this.url() });
      client.on('error', () => undefined); // cut off by another fault
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await client.query(statement);
      await sleep(heldMs);
      await client.query('ROLLBACK');
      await client.end();
    };
    this.disturbances.push(work().catch(() => undefined)); // another fault ended it first
  }

  /** As after a power cut: no shutdown, recovery from the write-ahead log. */
  private async restartDatabase(): Promise<void> {
    const { postgres } = this;
    if (postgres === null) return;
    this.progress('database restarts');
    process.kill(postgres.pid, 'SIGQUIT');
    await postgres.ended.catch(() => undefined); // it says that it ended by itself, which is what was wanted
    this.restarts += 1;
    await this.startDatabase();
  }

  private async readLog(): Promise<RecordedEvent[]> {
    const store = await openStressedStore(this.variant, this.url());
    const log: RecordedEvent[] = [];
    for await (const page of store.readAll()) log.push(...page);
    await store.close();
    return log;
  }

  private async untilCaughtUp(position: bigint): Promise<void> {
    for (const deadline = Date.now() + CATCH_UP_MS_MAX; Date.now() < deadline; await sleep(100)) {
      const rows = await this.query<{ count: string }>(
        `SELECT count(*) FROM stress.checkpoints WHERE position >= ${position}`,
      );
      if (Number(rows[0]?.count) === SUBSCRIBERS.length) return;
    }
    throw new Error(`Subscribers did not catch up within ${CATCH_UP_MS_MAX} ms`);
  }

  private async judge(log: readonly RecordedEvent[]): Promise<StressReport> {
    const journal = this.journals.flatMap(readJournal);
    const findings = this.variant === 'plain-sequence' ? [] : judgeLog(log, journal);
    for (const { name, filter } of SUBSCRIBERS) {
      const rows = await this.query<{ position: string; event_id: string }>(
        `SELECT position, event_id FROM stress.seen WHERE subscriber = '${name}' ORDER BY noted`,
      );
      // The plain store knows no filters: its subscribers see all.
      const wanted =
        this.variant === 'plain-sequence' ? log : log.filter((event) => matchesFilter(event, filter));
      const seen = rows.map((row) => ({ position: BigInt(row.position), id: row.event_id }));
      findings.push(...judgeSubscriber(name, wanted, seen));
    }
    const sumKills = (workers: readonly KeptProcess[]): number =>
      workers.reduce((sum, { kills }) => sum + kills, 0);
    return {
      seed: this.options.seed,
      events: log.length,
      appends: journal.filter(({ kind }) => kind === 'intent').length,
      appenderKills: sumKills(this.appenders),
      subscriberKills: sumKills(this.subscribers),
      databaseRestarts: this.restarts,
      findings,
    };
  }

  private async query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  private progress(message: string): void {
    this.options.onProgress?.(message);
  }
}

/** One line: what was done to the log and what came of it. */
export function summarise(report: StressReport): string {
  const kinds = new Map<string, number>();
  for (const { kind } of report.findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const verdict =
    kinds.size === 0
      ? 'nothing missed, doubled, lost or out of order'
      : `FAILED: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
  return (
    `stress: seed ${report.seed}, ${report.events} events in ${report.appends} appends, kills: ` +
    `${report.appenderKills} appenders, ${report.subscriberKills} subscribers, ` +
    `${report.databaseRestarts} database; ${verdict}`
  );
}
