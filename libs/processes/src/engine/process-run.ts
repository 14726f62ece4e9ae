import {
  type EventBatch,
  type EventFilter,
  lastPlace,
  type LogPlace,
  type PartRun,
  placeOf,
  type Position,
  type RecordedEvent,
  requireSameLog,
  resumeFrom,
  systemTiming,
  TimeLimitError,
  Wakeup,
} from '@abland/kernel';
import type { HeldLease } from '@abland/postgres';
import { Beginning } from './beginning.js';
import { Level } from './level.js';
import { type Checkpoint, loadCheckpoint } from './checkpoints.js';
import type { Process, Quiet } from './process.js';
import type { ProcessOptions } from './start-process.js';
import { Skipped, skippedBy } from '../parked/skipped.js';
import { Turns } from './turns.js';

const BATCH_SIZE = 500;
/** Below what PostgreSQL lets a leader's transaction stand, so that a turn fails here, where it is known why. */
const TURN_MS_MAX = 25_000;
const TICK_INTERVAL_MS = 500;
/** How often a checkpoint is saved for a part of the log that holds nothing for the process. */
const IDLE_CHECKPOINT_INTERVAL_MS = 5_000;

type Loop = 'log' | 'tick' | 'work';

interface Following {
  readonly level: Level;
  readonly onFollowed: (isLevel: boolean) => void;
  readonly onLook: () => void;
}

/** What runs beside the fold, where that is level with the log. */
interface Beside {
  readonly level: Level;
  /** It came round, whether it could do anything or waits. */
  readonly beat: () => void;
  /** It did what it is for. */
  readonly begun: () => void;
}

/** What runs side by side while it leads. */
export const loopsOf = (process: Process): readonly Loop[] => [
  'log',
  ...(process.tick === undefined ? [] : (['tick'] as const)),
  ...(process.work === undefined ? [] : (['work'] as const)),
];

async function isQuiet(quiet: Quiet, turns: Turns): Promise<boolean> {
  let found = false;
  await turns.take(async ({ client }) => {
    found = await quiet.isSo(client);
  });
  return found;
}

const upTo = (last: RecordedEvent, { events }: EventBatch): EventBatch => ({
  events: events.slice(0, events.indexOf(last) + 1),
  scannedTo: last.position,
  live: false,
});

interface TurnEvents {
  readonly events: EventBatch['events'];
  readonly checkpoint: Checkpoint;
}

/** What a process does while it leads, and how far it is. */
export class ProcessRun {
  leading = false;
  live = false;
  position: Position | null = null;
  private savedIdleAt = -Infinity;
  /** Events that a turn is given at most: half as many after one that took too long, twice as many after a quick one. */
  private turnSize: number;
  private skipped = new Skipped([]);
  /** Where its checkpoint was, as long as that is beyond what was followed since. */
  private passed: Position | null = null;

  constructor(private readonly options: ProcessOptions) {
    this.turnSize = this.batchSize;
  }

  private get batchSize(): number {
    return this.options.batchSize ?? BATCH_SIZE;
  }

  /** Follows the log, the timer and the process's own work until the signal; the first of them to fail ends all three. */
  async lead(run: PartRun<HeldLease>): Promise<void> {
    try {
      this.leading = true;
      this.position = await this.checkpointOfThisLog();
      const { pool, process, store } = this.options;
      this.skipped = await skippedBy(pool, store, process.name, this.position === null);
      await this.workUntilOneFails(run);
    } finally {
      this.leading = false;
      this.live = false;
    }
  }

  private async workUntilOneFails(run: PartRun<HeldLease>): Promise<void> {
    const { turnMsMax = TURN_MS_MAX, ...context } = this.options;
    const turns = new Turns({ ...context, turnMsMax, lease: run.lead.lease, skipped: this.skipped });
    const failed = new AbortController();
    const signal = AbortSignal.any([run.signal, failed.signal]);
    const { process } = this.options;
    const level = new Level();
    const beginning = new Beginning(
      loopsOf(process).filter((loop) => loop !== 'log'),
      run.progress,
    );
    const beside = (loop: 'tick' | 'work'): Beside => ({
      level,
      beat: () => run.beat(loop),
      begun: () => beginning.begun(loop),
    });
    const following: Following = {
      level,
      onLook: () => run.beat('log'),
      onFollowed: (isLevel) => beginning.followed(isLevel),
    };
    const parts = [
      this.follow(turns, following, signal),
      this.tick(turns, beside('tick'), signal),
      this.work(turns, beside('work'), signal),
    ];
    const settled = await Promise.allSettled(
      parts.map(async (part) => {
        try {
          await part;
        } catch (error) {
          failed.abort();
          throw error;
        }
      }),
    );
    await turns.idle();
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  }

  private async checkpointOfThisLog(): Promise<Position | null> {
    const { pool, process, store } = this.options;
    const checkpoint = await loadCheckpoint(pool, process.name);
    if (checkpoint === null) return null;
    await requireSameLog(store, `the state of process ${process.name}`, checkpoint.known);
    this.passed = checkpoint.position;
    return resumeFrom(checkpoint.position, checkpoint.known);
  }

  private async follow(turns: Turns, following: Following, signal: AbortSignal): Promise<void> {
    const { quiet } = this.options.process;
    if (quiet !== undefined && (await isQuiet(quiet, turns)))
      await this.followQuietly(quiet, turns, following, signal);
    const { filter } = this.options.process;
    for await (const batch of this.batches(filter, following, signal)) {
      await this.handle(turns, batch, following, signal);
      if (signal.aborted) return;
    }
  }

  /** Returns once there is more to follow from its position on, or after an abort. */
  private async followQuietly(
    { endsWith, filter }: Quiet,
    turns: Turns,
    following: Following,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const batch of this.batches(filter, following, signal)) {
      const end = batch.events.find((event) => endsWith(event));
      const handled = end === undefined ? batch : upTo(end, batch);
      await this.handle(turns, handled, following, signal);
      if (end !== undefined || signal.aborted) return;
    }
  }

  private batches(
    filter: EventFilter,
    { onLook }: Following,
    signal: AbortSignal,
  ): AsyncIterable<EventBatch> {
    const after = this.position === null ? {} : { after: this.position };
    return this.options.store.subscribeToAll({ ...after, filter, batchSize: this.batchSize, onLook, signal });
  }

  /** All of it, or as much as was done with at an abort. */
  private async handle(
    turns: Turns,
    batch: EventBatch,
    { level, onFollowed, onLook }: Following,
    signal: AbortSignal,
  ): Promise<void> {
    if (batch.events.length > 0) level.set(false);
    this.tellRepair(batch);
    if (batch.events.length === 0) await this.passOver(turns, batch.scannedTo);
    for (const part of this.partsOf(batch)) {
      await this.take(turns, part);
      onLook();
      if (signal.aborted) return;
    }
    this.position = batch.scannedTo;
    this.live = batch.live;
    onLook();
    onFollowed(batch.live);
    level.set(batch.live);
  }

  /** A checkpoint that was put ahead of what was handled: of the events that it passed none is left out, and an operator is told. */
  private tellRepair({ events, scannedTo }: EventBatch): void {
    const { passed } = this;
    const [first] = events;
    if (passed === null) return;
    if (first !== undefined && first.position <= passed) {
      const fields = { checkpoint: String(passed), goesOnAt: String(first.position), eventId: first.id };
      this.options.logger.warn(
        fields,
        'the checkpoint had passed events that were not handled: it is put back',
      );
      this.passed = null;
    } else if (scannedTo >= passed) this.passed = null;
  }

  /** As many events at once as a turn is given when its turn comes; the last part moves to where the log was read. */
  private *partsOf({ events, scannedTo }: EventBatch): Generator<TurnEvents> {
    for (let from = 0; from < events.length;) {
      const part = events.slice(from, from + this.turnSize);
      from += part.length;
      const last = part.at(-1);
      if (last === undefined) return;
      const position = from < events.length ? last.position : scannedTo;
      yield { events: part, checkpoint: { position, known: placeOf(last) } };
    }
  }

  private async take(turns: Turns, { checkpoint, events }: TurnEvents): Promise<void> {
    const { process, turnMsMax = TURN_MS_MAX } = this.options;
    const wanted = events.filter(
      ({ id: causeId, stream, type }) => !this.skipped.has({ causeId, stream, type }),
    );
    const began = performance.now();
    try {
      await turns.take((turn) => process.react(turn, wanted), checkpoint);
    } catch (error) {
      if (error instanceof TimeLimitError) this.turnSize = Math.max(1, Math.floor(events.length / 2));
      throw error;
    }
    this.position = checkpoint.position;
    // Twice as many are not to be too many again.
    if (performance.now() - began < turnMsMax / 4)
      this.turnSize = Math.min(this.batchSize, Math.max(this.turnSize, events.length * 2));
    process.committed?.();
  }

  /** Saves now and then how far the log was read without anything for the process. */
  private async passOver(turns: Turns, position: Position): Promise<void> {
    const now = systemTiming.now();
    if (now - this.savedIdleAt < IDLE_CHECKPOINT_INTERVAL_MS) return;
    const known: LogPlace | null = await lastPlace(this.options.store);
    if (known === null) return; // an empty log: there is nothing to be known by, and nothing was read
    this.savedIdleAt = now;
    await turns.take(() => Promise.resolve(), { position, known });
  }

  private async tick(turns: Turns, { beat, begun, level }: Beside, signal: AbortSignal): Promise<void> {
    const { process, tickIntervalMs = TICK_INTERVAL_MS } = this.options;
    if (process.tick === undefined) return;
    const timer = new Wakeup();
    while (!signal.aborted) {
      await level.reached(signal, beat);
      if (signal.aborted) return;
      await turns.take((turn) => process.tick?.(turn) ?? Promise.resolve());
      beat();
      begun();
      await timer.wait(tickIntervalMs, signal);
    }
  }

  /** Once begun it goes on where the log grows: what it does it asks of the log itself. */
  private async work(turns: Turns, { beat, begun, level }: Beside, signal: AbortSignal): Promise<void> {
    const { process } = this.options;
    if (process.work === undefined) return;
    await level.reached(signal, beat);
    if (signal.aborted) return;
    const onTurn = (): void => {
      beat();
      begun();
    };
    await process.work(signal, (work) => turns.take(work), onTurn);
  }
}
