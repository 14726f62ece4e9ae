import {
  type Clock,
  type EventBatch,
  type EventStore,
  type Logger,
  LogMismatchError,
  type Position,
  type Running,
  Wakeup,
} from '@abland/kernel';
import type pg from 'pg';
import { countParked, loadCheckpoint } from './checkpoints.js';
import { type Leadership, tryLead } from './leadership.js';
import type { Process } from './process.js';
import { Turns } from './turns.js';

export interface ProcessOptions {
  readonly process: Process;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Most events a turn. */
  readonly batchSize?: number;
  /** Milliseconds between two looks at what is due by the clock. */
  readonly tickIntervalMs?: number;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
}

export interface ProcessStatus {
  readonly name: string;
  /** False while another instance leads or the store is out of reach. */
  readonly leading: boolean;
  /** Last position handled by this instance; null before its first. */
  readonly position: Position | null;
  /** True when the last batch reached the end of the log. */
  readonly live: boolean;
  /** Commands and events that wait for an operator. */
  readonly parked: number;
  /** What interrupted it, until it gets on again; null while nothing does. */
  readonly failure: string | null;
}

export interface RunningProcess extends Running {
  status(): Promise<ProcessStatus>;
}

const RETRY_PAUSE_MS_MIN = 100;
const RETRY_PAUSE_MS_MAX = 10_000;
/** How often a checkpoint is saved for a part of the log that holds nothing for the process. */
const IDLE_CHECKPOINT_INTERVAL_MS = 5_000;

/**
 * Runs a process until it is stopped: leads where no other instance does, else stands by. Whatever fails is tried again
 * with growing pauses from the last checkpoint, except a log that is not the one of the checkpoint.
 */
export function startProcess(options: ProcessOptions): RunningProcess {
  const runner = new ProcessRunner(options);
  const ended = runner.run();
  ended.catch(() => undefined); // whoever awaits `ended` gets it; alone it must not end the program
  return {
    name: options.process.name,
    ended,
    stop: () => runner.stop(ended),
    status: () => runner.status(),
  };
}

class ProcessRunner {
  private readonly abort = new AbortController();
  private readonly pause = new Wakeup();
  private readonly logger: Logger;
  private leading = false;
  private live = false;
  private position: Position | null = null;
  private failure: string | null = null;
  private savedIdleAt = 0;
  private retryPauseMs = RETRY_PAUSE_MS_MIN;

  constructor(private readonly options: ProcessOptions) {
    this.logger = options.logger.child({ process: options.process.name });
  }

  async run(): Promise<void> {
    while (!this.abort.signal.aborted) {
      try {
        await this.leadOnce();
      } catch (error) {
        if (this.abort.signal.aborted) return;
        if (error instanceof LogMismatchError) throw error;
        this.failure = error instanceof Error ? error.message : String(error);
        this.logger.warn({ err: error, pauseMs: this.retryPauseMs }, 'process interrupted');
        await this.pause.wait(this.retryPauseMs, this.abort.signal);
        this.retryPauseMs = Math.min(this.retryPauseMs * 2, RETRY_PAUSE_MS_MAX);
      }
    }
  }

  async stop(ended: Promise<void>): Promise<void> {
    this.abort.abort();
    await ended.catch(() => undefined); // reported through `ended`
  }

  async status(): Promise<ProcessStatus> {
    const { process, pool } = this.options;
    const parked = await countParked(pool, process.name);
    const { failure, leading, live, position } = this;
    return { name: process.name, leading, position, live, parked, failure };
  }

  private async leadOnce(): Promise<void> {
    const { process, pool, standbyIntervalMs = 1_000 } = this.options;
    const leadership = await tryLead(pool, process.name);
    if (leadership === null) {
      this.failure = null;
      await this.pause.wait(standbyIntervalMs, this.abort.signal);
      return;
    }
    try {
      this.leading = true;
      this.logger.info({}, 'process leads');
      await this.lead(leadership);
    } finally {
      this.leading = false;
      this.live = false;
      leadership.release();
    }
  }

  /** Follows the log, the timer and the process's own work; the first of them to fail ends all three. */
  private async lead({ client, lost }: Leadership): Promise<void> {
    const { clock, process, store } = this.options;
    const failed = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, lost, failed.signal]);
    const turns = new Turns({ process, store, client, clock, logger: this.logger });
    this.position = await this.checkpointOfThisLog(client);
    const parts = [this.follow(turns, signal), this.tick(turns, signal), process.work?.(signal)];
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
    if (lost.aborted && !this.abort.signal.aborted) throw lost.reason;
  }

  private async checkpointOfThisLog(client: pg.ClientBase): Promise<Position | null> {
    const { process, store } = this.options;
    const checkpoint = await loadCheckpoint(client, process.name);
    if (checkpoint === null) return null;
    const head = await store.head();
    if (head !== null && head >= checkpoint) return checkpoint;
    const details = { process: process.name, checkpoint: String(checkpoint), head: String(head) };
    throw new LogMismatchError(
      `Process ${process.name} has handled the log up to ${checkpoint}, but the log ends at ${head ?? 'nothing'}`,
      details,
    );
  }

  private async follow(turns: Turns, signal: AbortSignal): Promise<void> {
    const { batchSize = 500, process, store } = this.options;
    const batches = store.subscribeToAll({
      ...(this.position === null ? {} : { after: this.position }),
      filter: process.filter,
      batchSize,
      signal,
    });
    for await (const batch of batches) {
      await this.handle(turns, batch);
      this.position = batch.scannedTo;
      this.live = batch.live;
      this.failure = null;
      this.retryPauseMs = RETRY_PAUSE_MS_MIN;
      if (signal.aborted) return;
    }
  }

  private async handle(turns: Turns, batch: EventBatch): Promise<void> {
    const { process, clock } = this.options;
    if (batch.events.length > 0) {
      await turns.take((turn) => process.react(turn, batch.events), batch.scannedTo);
      process.committed?.();
      return;
    }
    const now = clock();
    if (now - this.savedIdleAt < IDLE_CHECKPOINT_INTERVAL_MS) return;
    this.savedIdleAt = now;
    await turns.take(() => Promise.resolve(), batch.scannedTo);
  }

  private async tick(turns: Turns, signal: AbortSignal): Promise<void> {
    const { process, tickIntervalMs = 500 } = this.options;
    if (process.tick === undefined) return;
    const timer = new Wakeup();
    while (!signal.aborted) {
      await turns.take((turn) => process.tick?.(turn) ?? Promise.resolve());
      await timer.wait(tickIntervalMs, signal);
    }
  }
}
