import {
  type ConsumeOptions,
  invariant,
  type Json,
  type Logger,
  type LogMessage,
  type LogStream,
  type Offset,
  retrying,
  systemTiming,
  Wakeup,
} from '@abland/kernel';
import {
  connectionConfigOf,
  inTransaction,
  isPassingFailure,
  poolAt,
  PostgresListener,
} from '@abland/postgres';
import type pg from 'pg';
import { LogStreamOffsetError, LogStreamUnavailableError } from '../messages/stream-errors.js';
import { encodeMessages } from '../messages/message-values.js';
import { migrateLogStream } from './migrate.js';
import {
  INSERT_MESSAGES,
  NOTIFY,
  READ_BOUNDS,
  READ_LAST,
  READ_MESSAGES,
  RESERVE,
  TRIM,
} from './statements.js';

const BATCH_SIZE = 500;
/** The net under LISTEN/NOTIFY: how late a message is when a notification was lost. */
const POLL_MS = 1_000;

interface MessageRow {
  readonly message_offset: string;
  readonly value: string;
}

export interface PostgresLogStreamOptions {
  readonly pool: pg.Pool;
  readonly logger: Logger;
}

/** Topics in two tables; `migrateLogStream` must have been called. */
export class PostgresLogStream implements LogStream {
  private readonly pool: pg.Pool;
  private readonly logger: Logger;
  private readonly listener: PostgresListener;
  private readonly closing = new AbortController();

  constructor({ pool, logger }: PostgresLogStreamOptions) {
    this.pool = pool;
    this.logger = logger;
    this.listener = new PostgresListener(connectionConfigOf(pool), 'log_stream', logger);
  }

  async publish(topic: string, values: readonly Json[]): Promise<Offset> {
    const encoded = encodeMessages(topic, values);
    return this.reaching(() => inTransaction(this.pool, (client) => insertMessages(client, topic, encoded)));
  }

  async *consume(topic: string, options: ConsumeOptions): AsyncGenerator<readonly LogMessage[]> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const wakeup = new Wakeup();
    const stopListening = this.listener.listen((payload) => {
      if (payload === null || payload === topic) wakeup.wake();
    });
    try {
      let after = await this.untilRead(wakeup, signal, () => this.startAfter(topic, options.after));
      const batchSize = options.batchSize ?? BATCH_SIZE;
      while (!signal.aborted) {
        const from = after;
        const messages = await this.untilRead(wakeup, signal, () => this.read(topic, from, batchSize));
        if (signal.aborted) return;
        if (messages.length > 0) yield messages;
        after = messages.at(-1)?.offset ?? after;
        if (messages.length < batchSize) await wakeup.wait(POLL_MS, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      stopListening();
    }
  }

  async last(topic: string): Promise<LogMessage | null> {
    const { rows } = await this.reaching(() =>
      this.pool.query<MessageRow>({ ...READ_LAST, values: [topic] }),
    );
    return rows[0] === undefined ? null : toMessage(rows[0]);
  }

  async trim(topic: string, upTo: Offset): Promise<void> {
    await this.reaching(() => this.pool.query({ ...TRIM, values: [topic, upTo] }));
  }

  /** Ends consumers; the pool stays its owner's. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.listener.close();
  }

  /** Where to read from; refuses an offset whose successors are no longer kept or that was never given. */
  private async startAfter(topic: string, after: Offset | undefined): Promise<Offset> {
    const { rows } = await this.reaching(() =>
      this.pool.query<{ last_offset: string; first_offset: string | null }>({
        ...READ_BOUNDS,
        values: [topic],
      }),
    );
    const last = BigInt(rows[0]?.last_offset ?? 0);
    const first = BigInt(rows[0]?.first_offset ?? last + 1n);
    if (after === undefined) return first - 1n;
    if (after < first - 1n || after > last) {
      throw new LogStreamOffsetError('Messages after this offset are not in the log stream', {
        topic,
        after: after.toString(),
        first: first.toString(),
        last: last.toString(),
      });
    }
    return after;
  }

  private async read(topic: string, after: Offset, limit: number): Promise<LogMessage[]> {
    const { rows } = await this.reaching(() =>
      this.pool.query<MessageRow>({ ...READ_MESSAGES, values: [topic, after, limit] }),
    );
    const messages = rows.map(toMessage);
    const first = messages[0]?.offset ?? after + 1n;
    if (first !== after + 1n) {
      throw new LogStreamOffsetError('Messages were trimmed before this consumer read them', {
        topic,
        after: after.toString(),
        first: first.toString(),
      });
    }
    return messages;
  }

  private untilRead<Result>(
    wakeup: Wakeup,
    signal: AbortSignal,
    read: () => Promise<Result>,
  ): Promise<Result> {
    return retrying(read, {
      signal,
      timing: { ...systemTiming, pause: (ms, ending) => wakeup.wait(ms, ending) },
      onRetry: ({ error, pauseMs }) =>
        this.logger.warn({ err: error, pauseMs }, 'consumer waits for the log stream'),
    });
  }

  private async reaching<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!isPassingFailure(error)) throw error;
      throw new LogStreamUnavailableError('The log stream cannot be reached', {}, error);
    }
  }
}

/** A log stream with its schema brought up to date. */
export async function openPostgresLogStream(options: {
  readonly connectionString: string;
  /** Absent: one of its own. Notifications have another connection. */
  readonly pool?: pg.Pool | undefined;
  readonly logger: Logger;
}): Promise<LogStream> {
  const { logger } = options;
  const { pool, close: closePool } = poolAt(options, { logger, name: 'log-stream', max: 4 });
  await migrateLogStream(pool);
  const stream = new PostgresLogStream({ pool, logger });
  const closeStream = stream.close.bind(stream);
  return Object.assign(stream, {
    close: async () => {
      await closeStream();
      await closePool();
    },
  });
}

async function insertMessages(
  client: pg.PoolClient,
  topic: string,
  encoded: readonly string[],
): Promise<Offset> {
  const { rows } = await client.query<{ id: number; last_offset: string }>({
    ...RESERVE,
    values: [topic, encoded.length],
  });
  const [reserved] = rows;
  invariant(reserved !== undefined, 'No offsets were reserved', { topic });
  const last = BigInt(reserved.last_offset);
  const before = last - BigInt(encoded.length);
  await client.query({ ...INSERT_MESSAGES, values: [reserved.id, before, encoded.join('\n')] });
  await client.query({ ...NOTIFY, values: [topic] });
  return last;
}

function toMessage(row: MessageRow): LogMessage {
  return { offset: BigInt(row.message_offset), value: JSON.parse(row.value) as Json };
}
