import { chainStream, type BlockIngested, type BlocksFinalized } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { afterEvent, isMarker, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';

/** Reads the end of a chain's stream, back to the newest final block: nothing before it can matter any more. */
export async function restoreChain(store: EventStore, chainId: number): Promise<IngestedChain> {
  // Newest first. Of a whole block only its marker matters: its facts may be many.
  const events: RecordedEvent[] = [];
  let whole = false;
  let finalHash: string | null = null;
  pages: for await (const page of store.readStream(chainStream(chainId), { direction: 'backward' })) {
    for (const event of page) {
      whole ||= isMarker(event);
      if (!whole || isMarker(event)) events.push(event);
      if (event.type === 'BlocksFinalized') finalHash ??= (event.data as BlocksFinalized['data']).hash;
      if (event.type !== 'BlockIngested' || finalHash === null) continue;
      if ((event.data as BlockIngested['data']).hash === finalHash) break pages;
    }
  }
  return events.toReversed().reduce(afterEvent, NOTHING_INGESTED);
}
