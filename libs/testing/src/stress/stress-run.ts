import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { matchesFilter, type RecordedEvent } from '@abland/kernel';
import type { AppenderOptions } from './appender-process.js';
import { type JournalEntry, readJournal } from './appender-journal.js';
import { EventStoreDbUnderStress } from './eventstoredb-under-stress.js';
import { KeptProcess } from './kept-process.js';
import { type Finding, judgeLog, judgeReader, type Noted } from './oracle.js';
import { PostgresUnderStress } from './postgres-under-stress.js';
import type { StressReport } from './stress-report.js';
import { drawSchedule, type Fault } from './stress-schedule.js';
import { digestOf, openEventStoreUnderStress, openStressedStore, type Variant } from './stressed-store.js';
import type { SubscriberOptions } from './subscriber-process.js';

export interface StressOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly variant?: Variant;
  readonly appenders?: number;
  /** A real EventStoreDB for the variant `eventstoredb`; absent: a stand-in. */
  readonly eventStoreUrl?: string | undefined;
  readonly onProgress?: (message: string) => void;
}

const SUBSCRIBERS: readonly Pick<SubscriberOptions, 'name' | 'batchSize' | 'workMs' | 'filter'>[] = [
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
/** Of the appenders, by turns: every group written ahead of the lock where its place is known, every few events, or large ones. */
const LARGE_GROUPS = [1, 4, undefined];
/** Without any progress for so long, a subscriber has stalled. */
const STALLED_MS = 60_000;

const UNDER_WAY_MS_MAX = 30_000;

/** As `npm run build` bundles it: the same place from src/ and from dist/. */
const program = (name: string): string =>
  fileURLToPath(new URL(`../../../../dist/${name}.js`, import.meta.url));

/** Runs appenders, subscribers and faults against a store of its own, then lets the oracle judge. */
export async function runStress(options: StressOptions): Promise<StressReport> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-stress-'));
  const undo: (() => Promise<unknown> | void)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const database = await PostgresUnderStress.start(folder);
    undo.push(() => database.remove());
    const other =
      options.variant === 'eventstoredb' ? await EventStoreDbUnderStress.start(options.eventStoreUrl) : null;
    undo.push(() => other?.remove());
    const run = new StressRun(folder, options, database, other);
    undo.push(() => run.end());
    return await run.execute();
  } finally {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  }
}

class StressRun {
  private readonly variant: Variant;
  private readonly appenders: KeptProcess[] = [];
  private readonly subscribers: KeptProcess[] = [];
  private readonly journals: string[] = [];
  private readonly run = randomUUID();
  /** End of the log before the run. */
  private start = 0n;

  constructor(
    private readonly folder: string,
    private readonly options: StressOptions,
    private readonly database: PostgresUnderStress,
    private readonly other: EventStoreDbUnderStress | null,
  ) {
    this.variant = options.variant ?? 'ours';
  }

  async execute(): Promise<StressReport> {
    this.start = (await this.readLog()).at(-1)?.position ?? 0n;
    this.startWorkers();
    await this.untilUnderWay();
    await this.strike();
    this.progress('appenders finish, subscribers catch up');
    for (const appender of this.appenders) await appender.finish();
    const log = await this.readLog();
    await this.untilCaughtUp(log.at(-1)?.position ?? 0n);
    for (const subscriber of this.subscribers) await subscriber.end();
    return this.judge(log, await this.readStreams(log));
  }

  /** What broke a worker has been thrown by `execute`. */
  async end(): Promise<void> {
    for (const worker of [...this.appenders, ...this.subscribers]) await worker.end().catch(() => undefined);
  }

  private get storeUrl(): string {
    return this.other?.url ?? this.database.url;
  }

  private startWorkers(): void {
    const { seed, appenders = 3 } = this.options;
    const { run } = this;
    const common = { url: this.storeUrl, variant: this.variant };
    for (let index = 0; index < appenders; index += 1) {
      const journalPath = join(this.folder, `appender-${index}.journal`);
      this.journals.push(journalPath);
      const appender = new KeptProcess(program('stressed-appender'), (start): AppenderOptions => {
        const own = seed * 1_000 + index * 100_000_000 + start;
        const largeGroup = LARGE_GROUPS[index % LARGE_GROUPS.length];
        return { ...common, journalPath, seed: own, lanes: 8, streams: 20, run, pauseMs: 15, largeGroup };
      });
      this.appenders.push(appender);
    }
    const noting = { ...common, notesUrl: this.database.url, after: this.start.toString() };
    for (const subscriber of SUBSCRIBERS) {
      this.subscribers.push(
        new KeptProcess(program('stressed-subscriber'), (): SubscriberOptions => ({
          ...noting,
          ...subscriber,
        })),
      );
    }
  }

  /** On a busy machine faults would else be over before anything is done. */
  private async untilUnderWay(): Promise<void> {
    const workers = [...this.appenders, ...this.subscribers];
    const deadline = Date.now() + UNDER_WAY_MS_MAX;
    while (Date.now() < deadline && !workers.every(({ working }) => working)) await sleep(50);
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
    await this.database.settle();
  }

  private async inject(fault: Fault): Promise<void> {
    if (fault.kind === 'kill-appender') return this.appenders[fault.index]?.kill();
    if (fault.kind === 'kill-subscriber') return this.subscribers[fault.index]?.kill();
    if (fault.kind === 'restart-store') {
      // Nobody would notice what is lost if none was appending.
      await this.untilUnderWay();
      this.progress('the store restarts');
    }
    await (this.other ?? this.database).inject(fault);
  }

  private async readLog(): Promise<RecordedEvent[]> {
    const store = await openStressedStore(this.variant, this.storeUrl);
    const log: RecordedEvent[] = [];
    const after = this.start === 0n ? {} : { after: this.start };
    for await (const page of store.readAll(after)) log.push(...page);
    await store.close();
    return log;
  }

  /** Each stream of the log by itself: other statements and another index than those of the whole log. */
  private async readStreams(log: readonly RecordedEvent[]): Promise<Map<string, readonly RecordedEvent[]>> {
    // It has no streams to read.
    if (this.variant === 'plain-sequence') return new Map();
    const store = await openEventStoreUnderStress(this.variant, this.storeUrl);
    const streams = new Map<string, readonly RecordedEvent[]>();
    for (const stream of new Set(log.map((event) => event.stream))) {
      const events: RecordedEvent[] = [];
      for await (const page of store.readStream(stream)) events.push(...page);
      streams.set(stream, events);
    }
    await store.close();
    return streams;
  }

  /** As long as they get on, however busy the machine is. */
  private async untilCaughtUp(position: bigint): Promise<void> {
    let furthest = '';
    for (let movedAt = Date.now(); Date.now() < movedAt + STALLED_MS; await sleep(100)) {
      const rows = await this.database.query<{ position: string }>(
        'SELECT position FROM stress.checkpoints ORDER BY subscriber',
      );
      const caughtUp = rows.filter((row) => BigInt(row.position) >= position);
      if (caughtUp.length === SUBSCRIBERS.length) return;
      const now = rows.map((row) => row.position).join();
      if (now !== furthest) movedAt = Date.now();
      furthest = now;
    }
    throw new Error(`Subscribers stalled: for ${STALLED_MS} ms none got beyond ${furthest}`);
  }

  private async judge(
    log: readonly RecordedEvent[],
    streams: ReadonlyMap<string, readonly RecordedEvent[]>,
  ): Promise<StressReport> {
    const journal = this.journals.flatMap(readJournal);
    const findings = this.judgeLog(log, journal);
    for (const [stream, events] of streams) {
      const wanted = log.filter((event) => event.stream === stream).map(noted);
      findings.push(...judgeReader(`stream ${stream}`, wanted, events.map(noted)));
    }
    for (const { name, filter } of SUBSCRIBERS) {
      const rows = await this.database.query<{ position: string; event_id: string; digest: string }>(
        'SELECT position, event_id, digest FROM stress.seen WHERE subscriber = $1 ORDER BY noted',
        [name],
      );
      // The plain store knows no filters: its subscribers see all.
      const filtered = this.variant === 'plain-sequence' ? undefined : filter;
      const wanted = log.filter((event) => matchesFilter(event, filtered)).map(noted);
      const seen = rows.map((row) => ({
        position: BigInt(row.position),
        id: row.event_id,
        digest: row.digest,
      }));
      findings.push(...judgeReader(name, wanted, seen));
    }
    return this.report(log, journal, findings);
  }

  private judgeLog(log: readonly RecordedEvent[], journal: readonly JournalEntry[]): Finding[] {
    // It has no revisions and no expectations to keep.
    if (this.variant === 'plain-sequence') return [];
    const postgres = this.other === null;
    return judgeLog(log, journal, { gapless: postgres, tellsDuplicates: postgres });
  }

  private report(
    log: readonly RecordedEvent[],
    journal: readonly JournalEntry[],
    findings: readonly Finding[],
  ): StressReport {
    const sumKills = (workers: readonly KeptProcess[]): number =>
      workers.reduce((sum, { kills }) => sum + kills, 0);
    return {
      variant: this.variant,
      seed: this.options.seed,
      events: log.length,
      appends: journal.filter(({ kind }) => kind === 'intent').length,
      conflicts: journal.filter(({ kind }) => kind === 'refused').length,
      repetitions: journal.filter((entry) => entry.kind === 'acknowledged' && entry.duplicate).length,
      appenderKills: sumKills(this.appenders),
      subscriberKills: sumKills(this.subscribers),
      storeRestarts: (this.other ?? this.database).restarts,
      rolledBack: this.database.rolledBack,
      longTransactions: this.database.longTransactions,
      findings,
    };
  }

  private progress(message: string): void {
    this.options.onProgress?.(message);
  }
}

const noted = (event: RecordedEvent): Noted => ({
  position: event.position,
  id: event.id,
  digest: digestOf(event),
});
