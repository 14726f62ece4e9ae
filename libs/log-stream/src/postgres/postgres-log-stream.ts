import {
  type ConsumeOptions,
  type Json,
  type Logger,
  type LogMessage,
  type LogStream,
  type Offset,
  Outages,
  type PublishOptions,
  type ReaderStatus,
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
import { Claims, fenced } from '../messages/claims.js';
import { encodeMessages, inChunks, requireTopicName } from '../messages/message-values.js';
import { Readers } from '../messages/readers.js';
import { LogStreamOffsetError, LogStreamUnavailableError } from '../messages/errors.js';
import { migrateLogStream } from './migrate.js';
import { CLAIM, PUBLISH, READ_BOUNDS, READ_EPOCH, READ_LAST, READ_MESSAGES, TRIM } from './statements.js';

const BATCH_SIZE = 500;
const BATCH_BYTES = 2 * 1024 * 1024;
/** Of one statement. */
const INSERT_LIMITS = { bytesMax: 16 * 1024 * 1024, countMax: 10_000 };
/** The net under LISTEN/NOTIFY: how late a message is when a notification was lost. */
const POLL_MS = 1_000;

interface MessageRow {
  readonly message_offset: string;
  readonly value: string;
  readonly newest: string;
}

interface Batch {
  readonly messages: readonly LogMessage[];
  /** Offset of the newest message that there is. */
  readonly newest: Offset;
  /** Whether there was no more to read. */
  readonly isLast: boolean;
}

interface Publisher {
  readonly topic: string;
  readonly epoch: bigint;
  /** Null for a topic that nobody claims. */
  readonly claim: string | null;
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
  private readonly running = new Readers();
  private readonly claims = new Claims<string>((topic, epoch) => this.takeClaim(topic, epoch));

  constructor({ pool, logger }: PostgresLogStreamOptions) {
    this.pool = pool;
    this.logger = logger;
    this.listener = new PostgresListener(connectionConfigOf(pool), 'log_stream', logger);
  }

  async claim(topic: string, epoch: bigint): Promise<void> {
    requireTopicName(topic);
    await this.claims.renew(topic, epoch);
  }

  async publish(topic: string, values: readonly Json[], options: PublishOptions = {}): Promise<Offset> {
    const encoded = encodeMessages(topic, values);
    const claim = await this.claims.of(topic, options);
    const publisher = { topic, epoch: options.epoch ?? 0n, claim };
    const chunks = [...inChunks(encoded, INSERT_LIMITS)];
    const last = await this.reaching(() =>
      chunks.length === 1
        ? insertMessages(this.pool, publisher, chunks)
        : inTransaction(this.pool, (client) => insertMessages(client, publisher, chunks)),
    );
    return last ?? this.claims.lost(topic, options, await this.epochOf(topic));
  }

  async *consume(topic: string, options: ConsumeOptions): AsyncGenerator<readonly LogMessage[]> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const wakeup = new Wakeup();
    const reader = this.running.open(topic);
    const stopListening = this.listener.listen((payload) => {
      if (payload === null || payload === topic) wakeup.wake();
    });
    try {
      let after = await this.untilRead(wakeup, signal, () => this.startAfter(topic, options.after));
      const batchSize = options.batchSize ?? BATCH_SIZE;
      while (!signal.aborted) {
        const from = after;
        const batch = await this.untilRead(wakeup, signal, () => this.read(topic, from, batchSize));
        if (signal.aborted) return;
        after = batch.messages.at(-1)?.offset ?? after;
        options.onLook?.();
        reader.delivers(after, batch.newest);
        if (batch.messages.length > 0) yield batch.messages;
        if (batch.isLast) await wakeup.wait(POLL_MS, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      reader.close();
      stopListening();
    }
  }

  async last(topic: string): Promise<LogMessage | null> {
    const { rows } = await this.reaching(() =>
      this.pool.query<Omit<MessageRow, 'newest'>>({ ...READ_LAST, values: [topic] }),
    );
    return rows[0] === undefined ? null : toMessage(rows[0]);
  }

  async trim(topic: string, upTo: Offset): Promise<void> {
    await this.reaching(() => this.pool.query({ ...TRIM, values: [topic, upTo] }));
  }

  readers(): readonly ReaderStatus[] {
    return this.running.statuses();
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

  private async read(topic: string, after: Offset, limit: number): Promise<Batch> {
    const { rows } = await this.reaching(() =>
      this.pool.query<MessageRow>({ ...READ_MESSAGES, values: [topic, after, limit, BATCH_BYTES] }),
    );
    // Offsets are gapless in this adapter: a gap is what was trimmed.
    const first = BigInt(rows[0]?.message_offset ?? after + 1n);
    if (first !== after + 1n) {
      throw new LogStreamOffsetError('Messages were trimmed before this consumer read them', {
        topic,
        after: after.toString(),
        first: first.toString(),
      });
    }
    const bytes = rows.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    return {
      messages: rows.map(toMessage),
      newest: BigInt(rows.at(-1)?.newest ?? after),
      isLast: rows.length < limit && bytes < BATCH_BYTES,
    };
  }

  private async takeClaim(topic: string, epoch: bigint): Promise<string> {
    const { rows } = await this.reaching(() =>
      this.pool.query<{ claims: string }>({ ...CLAIM, values: [topic, epoch] }),
    );
    return rows[0]?.claims ?? fenced(topic, epoch, await this.epochOf(topic));
  }

  private async epochOf(topic: string): Promise<bigint> {
    const { rows } = await this.reaching(() =>
      this.pool.query<{ epoch: string }>({ ...READ_EPOCH, values: [topic] }),
    );
    return BigInt(rows[0]?.epoch ?? 0);
  }

  private untilRead<Result>(
    wakeup: Wakeup,
    signal: AbortSignal,
    read: () => Promise<Result>,
  ): Promise<Result> {
    return retrying(read, {
      signal,
      timing: { ...systemTiming, pause: (ms, ending) => wakeup.wait(ms, ending) },
      onRetry: ({ attempts, error, pauseMs }) => {
        Outages.of(this.logger, 'consumers wait for the log stream').note(error, { attempts, pauseMs });
      },
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

/** Null, and nothing inserted, where another publishes. */
async function insertMessages(
  db: Pick<pg.ClientBase, 'query'>,
  { topic, epoch, claim }: Publisher,
  chunks: readonly (readonly string[])[],
): Promise<Offset | null> {
  let last: Offset | null = null;
  for (const chunk of chunks) {
    const { rows } = await db.query<{ last_offset: string }>({
      ...PUBLISH,
      values: [topic, chunk.length, epoch, claim, chunk.join('\n')],
    });
    if (rows[0] === undefined) return null;
    last = BigInt(rows[0].last_offset);
  }
  return last;
}

function toMessage(row: Omit<MessageRow, 'newest'>): LogMessage {
  return { offset: BigInt(row.message_offset), value: JSON.parse(row.value) as Json };
}
