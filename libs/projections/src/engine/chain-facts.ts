import { CHAIN_STREAM_PREFIX } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from './errors.js';
import type { BlockPlace } from './journal.js';

/**
 * The block that a fact lies in; null for what no reorg takes back.
 * @throws BadEventError where a fact does not say it
 */
export function blockOf(event: RecordedEvent): BlockPlace | null {
  if (!event.stream.startsWith(CHAIN_STREAM_PREFIX) || NEVER_TAKEN_BACK.has(event.type)) return null;
  const number = event.metadata.chain?.blockNumber;
  if (number === undefined) throw new BadEventError('A chain fact without its block');
  const chainId = chainIdOf(event);
  if (newest?.number !== number || newest.chainId !== chainId) newest = { chainId, number };
  return newest;
}

/** What was found last: of a block there are many facts after each other. */
let newest: BlockPlace | null = null;
let newestChain = { stream: '', id: NaN };

/** Facts about blocks, or about what was told of them, that lie in none. */
const NEVER_TAKEN_BACK = new Set(['BlocksReverted', 'BlocksFinalized', 'MessageParked']);

/**
 * The chain whose stream tells a fact.
 * @throws BadEventError where it is no chain's
 */
export function chainIdOf({ stream }: Pick<RecordedEvent, 'stream'>): number {
  if (stream === newestChain.stream) return newestChain.id;
  const digits = stream.startsWith(CHAIN_STREAM_PREFIX) ? stream.slice(CHAIN_STREAM_PREFIX.length) : '';
  const id = Number(digits);
  if (digits === '' || !Number.isSafeInteger(id)) {
    throw new BadEventError('A chain fact outside of a chain’s stream', { stream });
  }
  newestChain = { stream, id };
  return id;
}
