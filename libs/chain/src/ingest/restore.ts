import { chainStream, type BlockIngested, type BlocksFinalized } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { afterEvent, isMarker, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';

/** Reads the end of a chain's stream, back to the newest final block: only where an operator had final ones taken back, what lies before matters. */
export async function restoreChain(store: EventStore, chainId: number): Promise<IngestedChain> {
  let finalHash: string | null = null;
  const events = await newestEvents(store, chainId, ({ data, type }) => {
    if (type === 'BlocksFinalized') finalHash ??= (data as BlocksFinalized['data']).hash;
    return type === 'BlockIngested' && (data as BlockIngested['data']).hash === finalHash;
  });
  return events.reduce(afterEvent, NOTHING_INGESTED);
}

/** The chain with all its blocks from one on, final or not; of the whole stream where it never had that one. */
export async function restoreDownTo(
  store: EventStore,
  chainId: number,
  hash: string,
): Promise<IngestedChain> {
  const events = await newestEvents(
    store,
    chainId,
    ({ data, type }) => type === 'BlockIngested' && (data as BlockIngested['data']).hash === hash,
  );
  const chain = events.filter(({ type }) => type !== 'BlocksFinalized').reduce(afterEvent, NOTHING_INGESTED);
  const { offset, revision, window } = await restoreChain(store, chainId);
  return { ...chain, offset, revision, window: { ...chain.window, finalized: window.finalized } };
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
