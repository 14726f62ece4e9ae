import { chainTopic, newestBlockAfter, readMessage } from '@abland/chain';
import { failureClassOf, type LogStream, mayPass, within } from '@abland/kernel';

export interface PublishedChain {
  readonly chainId: number;
  /** Blocks on top of a block until it is final. */
  readonly finalityDepth: number;
}

/** How long an answer is good: `_meta` is asked often, and blocks come one after the other. */
const FRESH_MS = 100;

/** Whoever asks waits no longer for a log stream that does not answer. */
const ANSWER_MS = 1_000;

interface Known {
  readonly at: number;
  readonly number: Promise<number | null>;
}

/**
 * Tells the newest block of a chain that the indexer put into the log stream; null while there is none. Where the log stream is
 * out of reach, or its end cannot be read, it is the newest one that is known here: the age of the indexer's own word tells how much that is worth.
 */
export function publishedBlockReader(
  logStream: LogStream,
  chains: readonly PublishedChain[],
): (chainId: number) => Promise<number | null> {
  const known = new Map<number, Known>();
  const newest = new Map<number, number | null>();
  const ask = async (chain: PublishedChain): Promise<number | null> => {
    try {
      const number = await within(ANSWER_MS, 'the log stream’s end', newestBlock(logStream, chain));
      if (number !== UNREADABLE) newest.set(chain.chainId, number);
      return newest.get(chain.chainId) ?? null;
    } catch (error) {
      if (!mayPass(failureClassOf(error))) throw error;
      return newest.get(chain.chainId) ?? null;
    }
  };
  return async (chainId) => {
    const chain = chains.find((one) => one.chainId === chainId);
    if (chain === undefined) return null;
    const last = known.get(chainId);
    if (last !== undefined && performance.now() - last.at <= FRESH_MS) return last.number;
    const number = ask(chain);
    known.set(chainId, { at: performance.now(), number });
    return number;
  };
}

/** The last message is none that is known here, of a newer indexer say: the one before it stays the newest that is known. */
const UNREADABLE = Symbol('unreadable');

async function newestBlock(
  logStream: LogStream,
  { chainId, finalityDepth }: PublishedChain,
): Promise<number | null | typeof UNREADABLE> {
  const last = await logStream.last(chainTopic(chainId));
  if (last === null) return null;
  const read = readMessage(last.value);
  return read.kind === 'unreadable' ? UNREADABLE : newestBlockAfter(read.message, finalityDepth);
}
