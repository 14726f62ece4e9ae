import type { LogMessage, LogStream, Offset } from '@abland/kernel';
import { advanceWindow, EMPTY_WINDOW, type ChainWindow } from './chain-window.js';
import type { ChainMessage } from './messages.js';

/** Messages of a topic up to an offset, included; from the oldest kept where `after` is null. */
async function* readUpTo(
  logStream: LogStream,
  topic: string,
  after: Offset | null,
  last: Offset,
): AsyncGenerator<LogMessage> {
  const done = new AbortController();
  const options = { ...(after === null ? {} : { after }), signal: done.signal };
  try {
    for await (const batch of logStream.consume(topic, options)) {
      for (const message of batch) {
        if (message.offset <= last) yield message;
        if (message.offset >= last) return;
      }
    }
  } finally {
    done.abort();
  }
}

/** Whether a window read from the middle of a topic reaches back as far as a reorg may. */
function isDeepEnough(window: ChainWindow): boolean {
  return window.finalized !== null && window.blocks[0]?.hash === window.finalized.hash;
}

const FIRST_LOOK_BACK = 64n;

async function foldFrom(
  logStream: LogStream,
  topic: string,
  after: Offset | null,
  last: Offset,
): Promise<ChainWindow | null> {
  let window: ChainWindow = EMPTY_WINDOW;
  try {
    for await (const { value } of readUpTo(logStream, topic, after, last)) {
      window = advanceWindow(window, value as ChainMessage);
    }
  } catch (error) {
    // What lies before was trimmed: the oldest kept is all there is.
    if (after === null) throw error;
    return null;
  }
  return window;
}

/** The end of the chain as it was published, so that publishing goes on exactly after it. */
export async function resumeWindow(logStream: LogStream, topic: string): Promise<ChainWindow> {
  const last = await logStream.last(topic);
  if (last === null) return EMPTY_WINDOW;
  for (let lookBack = FIRST_LOOK_BACK; lookBack < last.offset; lookBack *= 4n) {
    const window = await foldFrom(logStream, topic, last.offset - lookBack, last.offset);
    if (window === null) break;
    if (isDeepEnough(window)) return window;
  }
  return (await foldFrom(logStream, topic, null, last.offset)) ?? EMPTY_WINDOW;
}
