import { describe, expect, it } from '@jest/globals';
import { indexerMetrics } from './indexer-metrics.js';
import type { IndexerStatus } from './start-indexer.js';

describe('the metrics of the indexer', () => {
  it('count of each chain what was published, by what proved it and by how many providers had it', async () => {
    const status = {
      ...{ chainId: 7, head: null, published: null, finalized: null, failure: null, providers: [] },
      ...{ lagBlocks: null, blocksPerSecond: null, secondsLeft: null, contactAgeMs: null },
      ...{ blocksPublished: 9, blocksReadAhead: 4, reorgs: 1 },
      ...{ proofs: { NONE: 0, BLOOM: 2, RECEIPTS: 7 }, agreed: { 1: 3, 2: 6 } },
    } as unknown as IndexerStatus;
    const registry = indexerMetrics(() => [status]);
    await registry.metrics(); // asked twice, nothing is counted twice
    const text = await registry.metrics();
    for (const line of [
      'blocks_published_total{chain="7"} 9',
      'blocks_proved_total{chain="7",proof="RECEIPTS"} 7',
      'blocks_proved_total{chain="7",proof="NONE"} 0',
      'blocks_agreed_total{chain="7",providers="1"} 3',
      'blocks_agreed_total{chain="7",providers="2"} 6',
    ])
      expect(text).toContain(`abland_indexer_${line}`);
  });
});
