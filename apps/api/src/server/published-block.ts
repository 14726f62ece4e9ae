import type { LogStream } from '@abland/kernel';

/** How long an answer is good: `_meta` is asked often, and a block comes every second at best. */
const FRESH_MS = 200;
const known = new WeakMap<LogStream, { readonly at: number; readonly number: Promise<number | null> }>();

/** The newest block that the indexer put into the log stream; null where it put none in there. */
export function newestPublishedBlock(logStream: LogStream, chainId: number): Promise<number | null> {
  const last = known.get(logStream);
  if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.number;
  const number = read(logStream, chainId);
  known.set(logStream, { at: performance.now(), number });
  return number;
}

async function read(logStream: LogStream, chainId: number): Promise<number | null> {
  const message = await logStream.last(`chain-${chainId}`);
  return message === null ? null : blockNumberOf(message.value);
}

/** Messages that are no blocks (finality, a reorg) tell no head: the answer is then the read models' own. */
function blockNumberOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('block' in value)) return null;
  const { block } = value;
  if (typeof block !== 'object' || block === null || !('number' in block)) return null;
  return typeof block.number === 'number' ? block.number : null;
}
