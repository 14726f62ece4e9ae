import {
  type EventBatch,
  LogMismatchError,
  type Logger,
  Outages,
  type Position,
  retrying,
  type SubscribeOptions,
  systemTiming,
  Wakeup,
} from '@abland/kernel';
import { type ChangeSignal, type LogReader, type Scan, scanOf } from './log-reader.js';

const BATCH_SIZE = 1_000;
/** Read at once however small the batches are: waking a server costs as much as hundreds of events. */
const READ_AHEAD = 2_000;
/** The net under the signal of change: how late an event is when one was lost. */
const POLL_INTERVAL_MS = 1_000;
/** Without a match for so long, a subscriber is told how far the log was scanned. */
const QUIET_MS = 1_000;
const QUIET_POSITIONS = 50_000n;

type Page = Scan & Pick<EventBatch, 'live'>;

/** Catches up page by page, one ahead of the consumer, and then waits for notifications; survives lost connections. */
export class Subscription {
  private readonly wakeup = new Wakeup();
  private readonly batchSize: number;
  private readonly signal: AbortSignal;
  /** Last position known to be committed. */
  private end = 0n;
  private scannedTo: Position;
  private reportedTo: Position;
  private reportedAt = 0;
  private reportedLive = false;

  constructor(
    private readonly reader: LogReader,
    private readonly signalOfChange: ChangeSignal,
    private readonly options: SubscribeOptions,
    private readonly logger: Logger,
    private readonly pollIntervalMs = POLL_INTERVAL_MS,
  ) {
    this.batchSize = options.batchSize ?? BATCH_SIZE;
    this.signal = options.signal;
    this.scannedTo = options.after ?? 0n;
    this.reportedTo = this.scannedTo;
  }

  async *batches(): AsyncGenerator<EventBatch> {
    const stopListening = this.signalOfChange.listen(
      (position) => this.onChange(position),
      this.options.filter,
    );
    try {
      await this.requireOurLog();
      yield* this.follow();
    } catch (error) {
      if (!this.signal.aborted) throw error;
    } finally {
      stopListening();
    }
  }

  private async *follow(): AsyncGenerator<EventBatch> {
    let ahead: Promise<Page> | null = null;
    while (!this.signal.aborted) {
      const page: Page = await (ahead ?? this.nextPage(this.scannedTo));
      ahead = null;
      if (this.signal.aborted) return;
      this.options.onLook?.();
      this.scannedTo = page.scannedTo;
      if (!page.live) {
        ahead = this.nextPage(page.scannedTo);
        ahead.catch(() => undefined); // thrown where it is awaited; a consumer that stops early never does
      }
      for (const batch of this.batchesOf(page)) {
        if (this.signal.aborted) return;
        if (this.isWorthTelling(batch)) yield batch;
      }
      if (page.live && this.scannedTo >= this.end) await this.wakeup.wait(this.pollIntervalMs, this.signal);
    }
  }

  private onChange(position: string | null): void {
    // Whoever may notify may send anything.
    if (position !== null && /^\d+$/.test(position)) this.end = larger(this.end, BigInt(position));
    this.wakeup.wake();
  }

  private async requireOurLog(): Promise<void> {
    const checkpoint = this.scannedTo;
    if (checkpoint === 0n) return;
    if ((await this.untilRead(() => this.reader.contains(checkpoint))) || this.signal.aborted) return;
    throw new LogMismatchError('The checkpoint is not of this log: it was recreated, or ends before it', {
      checkpoint: checkpoint.toString(),
    });
  }

  private nextPage(from: Position): Promise<Page> {
    return this.untilRead(async () => {
      if (from >= this.end) this.end = larger(this.end, await this.reader.head());
      if (from >= this.end) return { ...scanOf([], from), live: true };
      const to = this.end;
      const { filter } = this.options;
      const limit = Math.max(READ_AHEAD, this.batchSize);
      const scan = await this.reader.scan({ direction: 'forward', from, to, filter, limit });
      if (scan.count > 0) await this.reader.head(); // what was read is of our log, or this says that it is not
      return { ...scan, live: scan.scannedTo >= this.end };
    });
  }

  private *batchesOf({ count, live, parts, scannedTo }: Page): Generator<EventBatch> {
    if (count === 0) yield { events: [], scannedTo, live };
    let left = count;
    for (const events of parts(this.batchSize)) {
      left -= events.length;
      if (left === 0) yield { events, scannedTo, live };
      else yield { events, scannedTo: events.at(-1)?.position ?? scannedTo, live: false };
    }
  }

  private isWorthTelling(page: EventBatch): boolean {
    const now = systemTiming.now();
    const moved = page.scannedTo - this.reportedTo;
    const worth =
      page.events.length > 0 ||
      (page.live && !this.reportedLive) ||
      moved >= QUIET_POSITIONS ||
      (moved > 0n && now - this.reportedAt >= QUIET_MS);
    if (!worth) return false;
    this.reportedTo = page.scannedTo;
    this.reportedAt = now;
    this.reportedLive = page.live;
    return true;
  }

  /** Repeats what may pass until it succeeds or the subscription ends; then its result is not used. */
  private untilRead<Result>(read: () => Promise<Result>): Promise<Result> {
    return retrying(read, {
      signal: this.signal,
      timing: { ...systemTiming, pause: (ms, signal) => this.wakeup.wait(ms, signal) },
      onRetry: ({ attempts, error, pauseMs }) => {
        const fields = { attempts, pauseMs, after: this.scannedTo.toString() };
        Outages.of(this.logger, 'subscriptions wait for the event store').note(error, fields);
      },
    });
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
