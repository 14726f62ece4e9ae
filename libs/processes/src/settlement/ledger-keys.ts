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
  /** Whether it matters how far the chain was ingested. */
  readonly progress: boolean;
}

/** Facts that are answered without any other of their transaction. */
const ALONE: ReadonlySet<string> = new Set(['Swap', 'LiquidityRemoved', 'TokenCreated', 'TransactionFailed']);

export function ledgerKeys(events: readonly RecordedEvent[]): LedgerKeys {
  const commandIds = new Set<Uuid>();
  const entityIds = new Set<Uuid>();
  const txHashes = new Set<Hash>();
  const tokenAddresses = new Set<string>();
  const blockHashes = new Set<Hash>();
  let finalizedTo: BlockNumber | null = null;
  let progress = false;
  for (const event of events) {
    const { chain } = event.metadata;
    if (isEntityEvent(event)) {
      const news = readEntityNews(event);
      if ('tokenId' in event.data) entityIds.add(event.data.tokenId);
      if ('key' in news && 'commandId' in news.key) commandIds.add(news.key.commandId);
      if ('txHash' in news) txHashes.add(news.txHash);
      if ('blockHash' in news) blockHashes.add(news.blockHash);
      if (news.news === 'CONFIRMED') progress = true;
      continue;
    }
    if (typeof chain?.commandId === 'string') commandIds.add(chain.commandId);
    const named = typeof chain?.commandId === 'string' && ALONE.has(event.type);
    if (typeof chain?.txHash === 'string') {
      if (!named) txHashes.add(chain.txHash);
    } else {
      progress = true;
    }
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
    progress,
  };
}
