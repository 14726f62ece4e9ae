import { chainStream, type BlockIngested, type BlocksFinalized, type BlocksReverted } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { blockEndOf, factId, factName } from './fact-id.js';
import {
  afterEvent,
  isMarker,
  NOTHING_INGESTED,
  withoutFinalReverts,
  type IngestedChain,
} from './ingested-chain.js';

/**
 * Reads the end of a chain's stream, back to where the newest final block was ingested first: whatever builds on it, and each time
 * that was taken back, lies after that. Only where an operator had final blocks taken back, what lies before matters.
 */
export async function restoreChain(store: EventStore, chainId: number): Promise<IngestedChain> {
  const newest = new NewestFinal();
  const events = await newestEvents(store, chainId, (event) => {
    newest.before(event);
    return newest.hash !== null && isFirstEnd(event, chainId, newest.hash);
  });
  return withoutFinalReverts(events.reduce(afterEvent, NOTHING_INGESTED));
}

/** The chain with all its blocks from the newest of some on, final or not; of the whole stream where it never had any of them. */
export async function restoreDownTo(
  store: EventStore,
  chainId: number,
  hashes: ReadonlySet<string>,
): Promise<IngestedChain> {
  const events = await newestEvents(store, chainId, (event) => isFirstEndOf(event, chainId, hashes));
  const chain = events.filter(({ type }) => type !== 'BlocksFinalized').reduce(afterEvent, NOTHING_INGESTED);
  const { offset, revision, window } = await restoreChain(store, chainId);
  const lowest = [...chain.window.blocks].find((block) => hashes.has(block.hash));
  const blocks = chain.window.blocks.from(lowest?.number ?? 0);
  return { ...chain, offset, revision, window: { blocks, finalized: window.finalized } };
}

const isFirstEndOf = (event: RecordedEvent, chainId: number, hashes: ReadonlySet<string>): boolean =>
  event.type === 'BlockIngested' &&
  hashes.has((event.data as BlockIngested['data']).hash) &&
  isFirstEnd(event, chainId, (event.data as BlockIngested['data']).hash);

/** A block that returns ends with an event of another id. */
const isFirstEnd = ({ data, id, type }: RecordedEvent, chainId: number, hash: string): boolean =>
  type === 'BlockIngested' &&
  (data as BlockIngested['data']).hash === hash &&
  id === factId(factName(chainId, blockEndOf(hash), 0));

/** The newest final block, found going backward: what was told last as final, or the lowest ancestor below it since. */
class NewestFinal {
  hash: string | null = null;
  #ancestor: BlocksReverted['data']['ancestor'] | null = null;

  before({ data, type }: RecordedEvent): void {
    if (this.hash !== null) return;
    if (type === 'BlocksReverted') {
      const { ancestor } = data as BlocksReverted['data'];
      if (this.#ancestor === null || ancestor.number < this.#ancestor.number) this.#ancestor = ancestor;
    } else if (type === 'BlocksFinalized') {
      const told = data as BlocksFinalized['data'];
      const isTakenBack = this.#ancestor !== null && this.#ancestor.number < told.number;
      this.hash = (isTakenBack ? this.#ancestor : told)?.hash ?? null;
    }
  }
}

/** Oldest first. Of a whole block only its marker is there: its facts may be many. */
async function newestEvents(
  store: EventStore,
  chainId: number,
  isLast: (event: RecordedEvent) => boolean,
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let whole = false;
  for await (const page of store.readStream(chainStream(chainId), { direction: 'backward' })) {
    for (const event of page) {
      whole ||= isMarker(event);
      if (!whole || isMarker(event)) events.push(event);
      if (isLast(event)) return events.reverse();
    }
  }
  return events.reverse();
}
