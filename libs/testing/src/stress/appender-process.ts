import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreUnavailableError,
  type ExpectedRevision,
  type NewEvent,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { AppenderJournal, type Intent, readJournal } from './appender-journal.js';
import { SeededRandom } from '../seeded-random.js';
import type { StressedStore } from './store-in-use.js';
import { openStressedStore, type Variant } from './stressed-store.js';

export interface AppenderOptions {
  /** Of the store. */
  readonly url: string;
  readonly variant: Variant;
  readonly seed: number;
  readonly journalPath: string;
  readonly lanes: number;
  readonly streams: number;
  /** In the names of streams: no other run's are the same, for a log may have been there before. */
  readonly run: string;
  /** Between a lane's appends; keeps the log to a size that the oracle reads quickly. */
  readonly pauseMs: number;
  /** Events from which PostgreSQL's store writes a group ahead of the lock; absent: its own choice. */
  readonly largeGroup?: number | undefined;
}

/** Appends of this process after which it may be killed. */
const UNDER_WAY_APPENDS = 20;

/** Appends on shared streams with every kind of expectation, repeats what it is unsure of and some of what it is not. */
class Appender {
  private readonly random: SeededRandom;
  private readonly journal: AppenderJournal;
  private readonly known = new Map<string, bigint>();
  private readonly done: Intent[] = [];
  finishing = false;

  constructor(
    private readonly store: StressedStore,
    private readonly options: AppenderOptions,
  ) {
    this.random = new SeededRandom(options.seed);
    this.journal = new AppenderJournal(options.journalPath);
  }

  async run(unresolved: readonly Intent[]): Promise<void> {
    for (const intent of unresolved) await this.settle(intent);
    await Promise.all(Array.from({ length: this.options.lanes }, () => this.lane()));
  }

  private async lane(): Promise<void> {
    while (!this.finishing) {
      const repeated = this.random.chance(0.1) ? this.done[this.random.below(this.done.length)] : undefined;
      if (repeated === undefined) {
        const intent = this.draw();
        this.journal.write(intent);
        await this.settle(intent);
      } else {
        await this.settle(repeated);
      }
      await sleep(this.random.below(this.options.pauseMs * 2));
    }
  }

  private draw(): Intent {
    const fresh = this.random.chance(0.2);
    const { run, streams } = this.options;
    const stream = fresh ? `own-${run}-${this.random.uuid()}` : `shared-${run}-${this.random.below(streams)}`;
    const size = this.random.chance(0.7) ? 1 : this.random.chance(0.9) ? 2 + this.random.below(4) : 100;
    return {
      kind: 'intent',
      append: this.random.uuid(),
      stream,
      expected: this.expectation(stream, fresh),
      ids: Array.from({ length: size }, () => this.random.uuid()),
    };
  }

  private expectation(stream: string, fresh: boolean): string {
    if (this.options.variant === 'plain-sequence') return 'any';
    if (fresh) return 'no_stream';
    const revision = this.known.get(stream);
    return revision === undefined || this.random.chance(0.5) ? 'any' : revision.toString();
  }

  /** Repeats the append until its outcome is known. */
  private async settle(intent: Intent): Promise<void> {
    const { append, stream } = intent;
    for (;;) {
      try {
        const result = await this.store.append(stream, eventsOf(intent), parseExpected(intent.expected));
        this.known.set(stream, result.revision);
        this.done.push(intent);
        if (this.done.length === UNDER_WAY_APPENDS) process.send?.('working');
        this.journal.write({
          kind: 'acknowledged',
          append,
          revision: result.revision.toString(),
          position: result.position.toString(),
          duplicate: result.duplicate,
        });
        return;
      } catch (error) {
        if (error instanceof WrongExpectedRevisionError) {
          if (error.actual !== null) this.known.set(stream, error.actual);
          this.journal.write({ kind: 'refused', append, code: error.code });
          return;
        }
        if (!(error instanceof EventStoreUnavailableError)) throw error;
        await sleep(20 + this.random.below(80));
      }
    }
  }
}

function eventsOf({ ids }: Intent): NewEvent[] {
  return ids.map((id, index) => ({
    id,
    type: index % 2 === 0 ? 'EvenHappened' : 'OddHappened',
    version: 1,
    data: { index, of: ids.length },
    metadata: { correlationId: id, causationId: null, actor: 'process:stress' },
  }));
}

function parseExpected(expected: string): ExpectedRevision {
  return expected === 'any' || expected === 'no_stream' ? expected : BigInt(expected);
}

async function openWhenReachable({ variant, url, largeGroup }: AppenderOptions): Promise<StressedStore> {
  for (;;) {
    try {
      return await openStressedStore(variant, url, largeGroup);
    } catch (error) {
      if (!(error instanceof EventStoreUnavailableError)) throw error;
      await sleep(100);
    }
  }
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as AppenderOptions;
  const entries = readJournal(options.journalPath);
  const settled = new Set(entries.flatMap((entry) => (entry.kind === 'intent' ? [] : [entry.append])));
  const unresolved = entries.filter(
    (entry): entry is Intent => entry.kind === 'intent' && !settled.has(entry.append),
  );
  const store = await openWhenReachable(options);
  const appender = new Appender(store, options);
  process.on('message', () => (appender.finishing = true));
  await appender.run(unresolved);
  await store.close();
  process.disconnect();
}

await main();
