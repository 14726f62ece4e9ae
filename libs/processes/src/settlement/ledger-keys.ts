import type { BlockNumber, ChainFact, Hash, Uuid } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';
import { isEntityEvent, readEntityNews } from './entity-news.js';

/** What a batch of events may touch: the keys that its part of the state is loaded by. */
export interface LedgerKeys {
  readonly commandIds: readonly Uuid[];
  readonly entityIds: readonly Uuid[];
  readonly txHashes: readonly Hash[];
  readonly tokenAddresses: readonly string[];
  /** Blocks taken back or of an outcome. */
  readonly blockHashes: readonly Hash[];
  readonly finalizedTo: BlockNumber | null;
}

export function ledgerKeys(events: readonly RecordedEvent[]): LedgerKeys {
  const commandIds = new Set<Uuid>();
  const entityIds = new Set<Uuid>();
  const txHashes = new Set<Hash>();
  const tokenAddresses = new Set<string>();
  const blockHashes = new Set<Hash>();
  let finalizedTo: BlockNumber | null = null;
  for (const event of events) {
    const { chain } = event.metadata;
    if (isEntityEvent(event)) {
      const news = readEntityNews(event);
      if ('tokenId' in event.data) entityIds.add(event.data.tokenId);
      if ('key' in news && 'commandId' in news.key) commandIds.add(news.key.commandId);
      if ('txHash' in news) txHashes.add(news.txHash);
      if ('blockHash' in news) blockHashes.add(news.blockHash);
      continue;
    }
    if (typeof chain?.commandId === 'string') commandIds.add(chain.commandId);
    if (typeof chain?.txHash === 'string') txHashes.add(chain.txHash);
    const fact = event as Recorded<ChainFact>;
    if (fact.type === 'TokenDeactivated') tokenAddresses.add(fact.data.tokenAddress);
    if (fact.type === 'BlockIngested') blockHashes.add(fact.data.hash);
    if (fact.type === 'BlocksReverted') for (const hash of fact.data.hashes) blockHashes.add(hash);
    if (fact.type === 'BlocksFinalized') finalizedTo = Math.max(finalizedTo ?? 0, fact.data.number);
  }
  return {
    commandIds: [...commandIds],
    entityIds: [...entityIds],
    txHashes: [...txHashes],
    tokenAddresses: [...tokenAddresses],
    blockHashes: [...blockHashes],
    finalizedTo,
  };
}
