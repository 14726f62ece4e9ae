import { AblandError, type LogMessage, type LogStream, type Offset } from '@abland/kernel';
import { readMessage } from '../follow/read-message.js';
import { readUpTo } from '../follow/resume.js';
import { isNew, type IngestedChain } from './ingested-chain.js';

/**
 * The offset to read on after: that of the message which was ingested last, where this log stream has that message there. Null, for
 * its start, where it has not: another log stream tells the chain by offsets of its own, and of one that lost messages only what
 * follows shows whether they were ingested. What is in the log already is recognised, and what does not continue it is refused.
 */
export async function placeInStream(
  logStream: LogStream,
  topic: string,
  chain: IngestedChain,
  startBlock: number,
): Promise<Offset | null> {
  const { offset } = chain;
  if (offset === null) return null;
  const newest = await logStream.last(topic);
  if (newest === null || newest.offset < offset) return null;
  const there = await messageAt(logStream, topic, offset);
  return there !== null && wasIngested(chain, there, startBlock) ? offset : null;
}

/** Null where it is not, or no longer, there. */
async function messageAt(logStream: LogStream, topic: string, offset: Offset): Promise<LogMessage | null> {
  try {
    for await (const first of readUpTo(logStream, topic, offset - 1n, offset)) return first;
    return null;
  } catch (error) {
    if (error instanceof AblandError && error.code === 'LOG_STREAM_OFFSET_LOST') return null;
    throw error;
  }
}

function wasIngested(chain: IngestedChain, { value }: LogMessage, startBlock: number): boolean {
  const read = readMessage(value);
  if (read.kind === 'unreadable' || read.message.kind === 'part') return false;
  try {
    return !isNew(chain, read.message, startBlock);
  } catch {
    return false; // it does not even fit
  }
}
