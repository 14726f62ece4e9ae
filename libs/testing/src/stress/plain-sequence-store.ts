import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AppendResult,
  type EventBatch,
  EventStoreUnavailableError,
  type NewEvent,
  type RecordedEvent,
  type SubscribeOptions,
} from '@abland/kernel';
import { inTransaction, isConnectionLoss } from '@abland/postgres';
import pg from 'pg';
import type { StressedStore } from './store-in-use.js';

interface Row {
  readonly position: string;
  readonly stream: string;
  readonly event: NewEvent;
}

/** The well-known wrong way, to test the test: positions from a sequence, drawn before commit and in no order with it. */
export class PlainSequenceStore implements StressedStore {
  private constructor(private readonly pool: pg.Pool) {}

  static async open(url: string): Promise<PlainSequenceStore> {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    pool.on('error', () => undefined); // every query reports its own loss
    return new PlainSequenceStore(pool);
  }

  static readonly TABLE = `CREATE TABLE IF NOT EXISTS stress.plain_events
    (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, id uuid NOT NULL UNIQUE, event json NOT NULL)`;

  async append(stream: string, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.reaching(() =>
      inTransaction(this.pool, async (client) => {
        let position = 0n;
        for (const event of events) {
          const { rows } = await client.query<{ position: string }>(
            `INSERT INTO stress.plain_events (stream, id, event) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET stream = excluded.stream RETURNING position`,
            [stream, event.id, event],
          );
          position = BigInt(rows[0]?.position ?? 0);
        }
        return { position, revision: 0n, duplicate: false };
      }),
    );
  }

  async *readAll(): AsyncGenerator<readonly RecordedEvent[]> {
    yield await this.after(0n, Number.MAX_SAFE_INTEGER);
  }

  async *subscribeToAll({
    after = 0n,
    batchSize = 100,
    signal,
  }: SubscribeOptions): AsyncGenerator<EventBatch> {
    let scannedTo = after;
    while (!signal.aborted) {
      const events = await this.after(scannedTo, batchSize);
      scannedTo = events.at(-1)?.position ?? scannedTo;
      if (events.length > 0) yield { events, scannedTo, live: events.length < batchSize };
      else await sleep(2);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async after(position: bigint, limit: number): Promise<RecordedEvent[]> {
    const { rows } = await this.reaching(() =>
      this.pool.query<Row>(
        'SELECT position, stream, event FROM stress.plain_events WHERE position > $1 ORDER BY position LIMIT $2',
        [position, limit],
      ),
    );
    return rows.map(({ position: at, stream, event }) => ({
      ...event,
      stream,
      revision: 0n,
      position: BigInt(at),
      recordedAt: '',
    }));
  }

  private async reaching<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw isConnectionLoss(error) ? new EventStoreUnavailableError('lost', {}, error) : error;
    }
  }
}
