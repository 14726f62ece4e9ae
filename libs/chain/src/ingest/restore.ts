import { chainStream, type BlockIngested, type BlocksFinalized, type TokenCreated } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { afterEvent, NOTHING_INGESTED, type IngestedChain } from './ingested-chain.js';

/** Reads the end of a chain's stream, back to the newest final block: nothing before it can matter any more. */
export async function restoreChain(store: EventStore, chainId: number): Promise<IngestedChain> {
  const events: RecordedEvent[] = [];
  let finalHash: string | null = null;
  pages: for await (const page of store.readStream(chainStream(chainId), { direction: 'backward' })) {
    for (const event of page) {
      events.push(event);
      if (event.type === 'BlocksFinalized') finalHash ??= (event.data as BlocksFinalized['data']).hash;
      if (event.type !== 'BlockIngested' || finalHash === null) continue;
      if ((event.data as BlockIngested['data']).hash === finalHash) break pages;
    }
  }
  return events.toReversed().reduce(afterEvent, NOTHING_INGESTED);
}

/** Lower-case addresses of the tokens that the log knows. */
export async function restoreTokens(store: EventStore, chainId: number): Promise<Set<string>> {
  const tokens = new Set<string>();
  const filter = { types: ['TokenCreated'], streamPrefixes: [chainStream(chainId)] };
  for await (const page of store.readAll({ filter })) {
    for (const event of page) {
      if (event.stream !== chainStream(chainId)) continue;
      tokens.add((event.data as TokenCreated['data']).tokenAddress.toLowerCase());
    }
  }
  return tokens;
}
