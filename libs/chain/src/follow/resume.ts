import { codeOf, type LogMessage, type LogStream, type Offset, within } from '@abland/kernel';
import { advanceWindow, EMPTY_WINDOW, type ChainWindow } from './chain-window.js';
import { advanceCoverage, type Coverage } from './coverage.js';
import { advanceAsked, type Asked } from './described-tokens.js';
import type { ChainMessage } from './messages.js';
import { readMessage } from './read-message.js';

/** Milliseconds for messages that are said to be there: longer than a group of consumers takes to settle. */
const COME_WITHIN_MS = 120_000;
const END_WITHIN_MS = 10_000;

/**
 * Messages of a topic up to an offset, included; from the oldest kept where `after` is null.
 * @throws TimeLimitError where none comes: a topic may be emptied between a look at its last message and this
 */
export async function* readUpTo(
  logStream: LogStream,
  topic: string,
  after: Offset | null,
  last: Offset,
  comeWithinMs = COME_WITHIN_MS,
): AsyncGenerator<LogMessage> {
  const done = new AbortController();
  const options = { ...(after === null ? {} : { after }), signal: done.signal };
  const batches = logStream.consume(topic, options)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(comeWithinMs, `reading ${topic} up to ${last}`, batches.next());
      if (next.done === true) return;
      for (const message of next.value) {
        if (message.offset <= last) yield message;
        if (message.offset >= last) return;
      }
    }
  } finally {
    done.abort();
    await within(END_WITHIN_MS, `ending the reading of ${topic}`, ended(batches)).catch(() => undefined);
  }
}

async function ended(batches: AsyncIterator<unknown>): Promise<void> {
  await batches.return?.();
}

/** Whether a window read from the middle of a topic reaches back as far as a reorg may. */
function isDeepEnough(window: ChainWindow): boolean {
  return window.finalized !== null && window.blocks.oldest?.hash === window.finalized.hash;
}

const FIRST_LOOK_BACK = 64n;

/** How far a chain was published. */
export interface Published {
  readonly window: ChainWindow;
  /** Null where no block was. */
  readonly coverage: Coverage | null;
  /** Tokens to ask again; after a restart those of the messages that are read again. */
  readonly asked: readonly Asked[];
}

export const NOTHING_PUBLISHED: Published = { window: EMPTY_WINDOW, coverage: null, asked: [] };

/** After one more message. */
export const advance = ({ asked, coverage, window }: Published, message: ChainMessage): Published => ({
  window: advanceWindow(window, message),
  coverage: advanceCoverage(coverage, message),
  asked: advanceAsked(asked, message),
});

async function foldFrom(
  logStream: LogStream,
  topic: string,
  after: Offset | null,
  last: Offset,
): Promise<Published | null> {
  let published = NOTHING_PUBLISHED;
  try {
    for await (const { value } of readUpTo(logStream, topic, after, last)) {
      const read = readMessage(value);
      if (read.kind === 'read') published = advance(published, read.message);
    }
  } catch (error) {
    // What lies before was trimmed: the oldest kept is all there is.
    if (after !== null && codeOf(error) === 'LOG_STREAM_OFFSET_LOST') return null;
    throw error;
  }
  return published;
}

/** The end of the chain as it was published, so that publishing goes on exactly after it. */
export async function resumePublished(logStream: LogStream, topic: string): Promise<Published> {
  const last = await logStream.last(topic);
  if (last === null) return NOTHING_PUBLISHED;
  for (let lookBack = FIRST_LOOK_BACK; lookBack < last.offset; lookBack *= 4n) {
    const published = await foldFrom(logStream, topic, last.offset - lookBack, last.offset);
    if (published === null) break;
    if (isDeepEnough(published.window)) return published;
  }
  return (await foldFrom(logStream, topic, null, last.offset)) ?? NOTHING_PUBLISHED;
}
