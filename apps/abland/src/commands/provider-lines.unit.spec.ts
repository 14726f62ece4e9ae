import type { ChainProviderView } from '@abland/operations';
import { describe, expect, it } from '@jest/globals';
import { providerLines } from './provider-lines.js';

const WELL: ChainProviderView = {
  ...{
    chainId: 7,
    place: 1,
    url: 'https://node.example/…',
    transport: 'HTTP',
    state: 'WELL',
    toldSeconds: 1,
  },
  ...{ latencyMs: 41.5, answerSeconds: 2.2, headBlock: 12, lastFault: null, requests: 7, faults: [] },
  ...{ discrepancies: [], rangeMax: null, batchMax: null, lacks: [], nextRequestAt: null },
};

describe('the lines of a provider', () => {
  it('are one where all is well', () => {
    expect(providerLines(WELL)).toEqual([
      '7  1. https://node.example/…  HTTP  WELL  answered 2 s ago in 41.5 ms, head 12, 7 requests',
    ]);
  });

  it('tell what it failed of, what did not hold together, and its limits', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const lines = providerLines({
      ...{ ...WELL, state: 'SET_ASIDE', lastFault: { code: 'A', message: 'no', at }, nextRequestAt: at },
      ...{ faults: [{ name: 'A', count: 2 }], discrepancies: [{ name: 'HEADER_HASH', count: 1 }] },
      ...{ rangeMax: 10, batchMax: 4, lacks: ['eth_getBlockReceipts'] },
    });
    expect(lines.slice(1)).toEqual([
      `   failed last ${at}: A: no`,
      '   faults: A 2',
      '   does not hold together: HEADER_HASH 1',
      `   limits: 10 blocks at once, 4 requests at once, without eth_getBlockReceipts, after all others until ${at}`,
    ]);
  });

  it('tell how old it all is where no indexer tells it', () => {
    const [line] = providerLines({
      ...WELL,
      state: 'STALE',
      toldSeconds: 90,
      answerSeconds: null,
      latencyMs: null,
    });
    expect(line).toBe(
      '7  1. https://node.example/…  HTTP  STALE (told 90 s ago)  never answered, head 12, 7 requests',
    );
  });
});
