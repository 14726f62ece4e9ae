import { type AppendResult, EventStoreUnavailableError, type Logger } from '@abland/kernel';
import { isConnectionLoss } from '@abland/postgres';
import pg from 'pg';
import type { AppendRequest } from '../append/append-request.js';
import { appendInOneTransaction } from './append-transaction.js';

interface Waiting extends AppendRequest {
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds a transaction's time, and with it how long other processes wait for the lock. */
const GROUP_EVENTS_MAX = 5_000;
/** A process that stops while it holds the lock is cut off after this; the database rolls it back. */
const SESSION =
  '-c idle_in_transaction_session_timeout=10s -c lock_timeout=60s -c plan_cache_mode=force_generic_plan';

/**
 * Group commit: while one transaction is in flight, callers queue; the next one takes all of them. One connection of its
 * own, opened at the first append and again after it was lost.
 */
export class GroupAppender {
  private queue: Waiting[] = [];
  private flushing: Promise<void> | null = null;
  private client: pg.Client | null = null;
  private closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly logger: Logger,
  ) {}

  append(request: AppendRequest): Promise<AppendResult> {
    if (this.closed) return Promise.reject(new EventStoreUnavailableError('The event store is closed'));
    return new Promise((resolve, reject) => {
      this.queue.push({ ...request, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** Ends after what was asked for is stored. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
    await this.disconnect();
  }

  private async flush(): Promise<void> {
    await Promise.resolve(); // callers of the same turn share the first group
    while (this.queue.length > 0) {
      const group = this.takeGroup();
      try {
        this.client ??= await this.connect();
        const outcomes = await appendInOneTransaction(this.client, group);
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome instanceof Error) group[index]?.reject(outcome);
          else group[index]?.resolve(outcome);
        }
      } catch (error) {
        await this.disconnect();
        const reported = this.describe(error, group);
        for (const { reject } of group) reject(reported);
      }
    }
    this.flushing = null;
  }

  private takeGroup(): Waiting[] {
    let count = 0;
    let taken = 0;
    for (const { events } of this.queue) {
      if (taken > 0 && count + events.length > GROUP_EVENTS_MAX) break;
      count += events.length;
      taken += 1;
    }
    const group = this.queue.slice(0, taken);
    this.queue = this.queue.slice(taken);
    return group;
  }

  private describe(error: unknown, group: readonly Waiting[]): unknown {
    // 55P03: the lock was not had in time; nothing is stored and a repetition may succeed.
    const lost = isConnectionLoss(error) || (error instanceof pg.DatabaseError && error.code === '55P03');
    if (!lost) return error;
    this.logger.warn(
      { err: error, appends: group.length },
      'append interrupted: outcome unknown to its callers',
    );
    return new EventStoreUnavailableError(
      'The connection was lost during the append; it may be repeated',
      { stream: group[0]?.stream },
      error,
    );
  }

  private async connect(): Promise<pg.Client> {
    const options = [this.config.options, SESSION].filter((part) => part !== undefined).join(' ');
    const client = new pg.Client({ ...this.config, options, pipeline: true, keepAlive: true });
    client.on('error', (error) => {
      this.logger.warn({ err: error }, 'appending connection lost');
      if (this.client === client) this.client = null;
    });
    await client.connect();
    return client;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = null;
    await client?.end().catch(() => undefined); // already lost: nothing is left to close
  }
}
