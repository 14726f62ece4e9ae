import {
  codeOf,
  type ConsumeOptions,
  type Logger,
  type LogMessage,
  type Offset,
  orAborted,
  Outages,
  retrying,
} from '@abland/kernel';
import type { Reader } from '../messages/readers.js';
import { LogStreamOffsetError, LogStreamUnavailableError } from '../messages/errors.js';
import { Fence } from './fence.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { isOutOfRange, type Page, PartitionReader } from './partition-reader.js';
import type { ValueRecord } from './records.js';
import { toMessage } from './to-message.js';
import { LOOK_BACK } from './topic-end.js';
import type { Topics } from './topics.js';

const BATCH_SIZE = 500;
/** How long the broker keeps a question for new records before it says that there are none. */
const WAIT_MS = 1_000;
const PAUSE_MS = { min: 100, max: 2_000 };

interface Reading {
  readonly fence: Fence;
  readonly position: bigint;
}

export interface ConsumeParts {
  readonly connection: KafkaConnection;
  readonly logger: Logger;
  readonly topics: Topics;
  readonly standing: Reader;
}

/** As `LogStream.consume`, by the topic's name with its prefix. */
export async function* consumeTopic(
  { connection, logger, standing, topics }: ConsumeParts,
  topic: string,
  { after, batchSize = BATCH_SIZE, onLook, signal }: ConsumeOptions,
): AsyncGenerator<readonly LogMessage[]> {
  const reader = new PartitionReader(connection, topic, logger);
  const waiting = <Result>(doing: 'begin' | 'read', read: () => Promise<Result>): Promise<Result> =>
    retrying(read, {
      signal,
      pauseMs: PAUSE_MS,
      onRetry: ({ attempts, error, pauseMs }) =>
        // A topic that is not there yet is one thing, a broker that goes away another.
        Outages.of(logger, 'consumers wait for the log stream').note(
          error,
          { topic, attempts, pauseMs },
          `${doing} ${codeOf(error)}`,
        ),
    });
  try {
    const begun = await orAborted(
      waiting('begin', () => begin(reader, topics, topic, after)),
      signal,
    );
    if (begun === undefined) return;
    let { position } = begun;
    const { fence } = begun;
    let ahead = waiting('read', () => fetchAt(reader, topic, position));
    for (;;) {
      const page = await orAborted(ahead, signal);
      if (page === undefined || signal.aborted) return;
      position = page.next;
      onLook?.();
      // The next page comes while this one is worked at: one of them, no more.
      const from = position;
      ahead = waiting('read', () => fetchAt(reader, topic, from));
      ahead.catch(() => undefined); // told by the next turn, if there is one
      const values = admitted(page, { fence, logger, standing, topic });
      if (values.length === 0 && page.next >= page.end) standing.isAtTheEnd();
      for (let start = 0; start < values.length; start += batchSize) {
        const { damage, messages } = readable(values.slice(start, start + batchSize));
        const last = messages.at(-1);
        if (last !== undefined) {
          standing.delivers(last.offset, page.end - 1n);
          yield messages;
        }
        if (signal.aborted) return;
        if (damage !== null) throw damage;
      }
    }
  } finally {
    reader.close();
  }
}

/** What counts of a page. */
function admitted(
  { records }: Page,
  parts: Pick<ConsumeParts, 'logger' | 'standing'> & { readonly fence: Fence; readonly topic: string },
): readonly ValueRecord[] {
  const { fence, logger, standing, topic } = parts;
  const values: ValueRecord[] = [];
  const letGo: bigint[] = [];
  for (const record of records) {
    if (!fence.admits(record)) letGo.push(record.offset);
    else if (record.kind === 'value') values.push(record);
  }
  for (const _ of letGo) standing.letsGo();
  if (letGo.length > 0) {
    const fields = { topic, records: letGo.length, from: String(letGo[0]), to: String(letGo.at(-1)) };
    logger.warn(
      fields,
      'records of the log stream are let go of: strangers, or one that was followed, wrote them',
    );
  }
  return values;
}

/** The messages up to the first that cannot be read. */
function readable(values: readonly ValueRecord[]): {
  readonly messages: readonly LogMessage[];
  readonly damage: unknown;
} {
  const messages: LogMessage[] = [];
  for (const value of values) {
    try {
      messages.push(toMessage(value));
    } catch (damage) {
      return { messages, damage };
    }
  }
  return { messages, damage: null };
}

/**
 * Where to read on, knowing by what mark the topic was published up to there.
 * @throws LogStreamOffsetError
 */
async function begin(
  reader: PartitionReader,
  topics: Topics,
  topic: string,
  after: Offset | undefined,
): Promise<Reading> {
  if (!(await topics.check(topic)))
    throw new LogStreamUnavailableError(`There is no topic ${topic} yet`, { topic });
  const fence = new Fence();
  const { start, end } = await reader.bounds();
  if (after === undefined) return { fence, position: start };
  if (after < start - 1n || after >= end) throw lost(topic, after, { start, end });
  const from = after + 1n - LOOK_BACK;
  for (let position = from > start ? from : start; position <= after;) {
    const { next, records } = await reader.fetch(position, 0);
    for (const record of records) if (record.offset <= after) fence.admits(record);
    if (next === position)
      throw new LogStreamUnavailableError('Kafka gave nothing of what it has', { topic });
    position = next;
  }
  return { fence, position: after + 1n };
}

async function fetchAt(reader: PartitionReader, topic: string, position: bigint): Promise<Page> {
  try {
    return await reader.fetch(position, WAIT_MS);
  } catch (error) {
    if (isOutOfRange(error)) throw lost(topic, position - 1n, await reader.bounds());
    throw error;
  }
}

function lost(
  topic: string,
  after: Offset,
  { start, end }: { readonly start: bigint; readonly end: bigint },
): LogStreamOffsetError {
  return new LogStreamOffsetError('Messages after this offset are not in the log stream', {
    topic,
    after: after.toString(),
    start: start.toString(),
    end: end.toString(),
  });
}
