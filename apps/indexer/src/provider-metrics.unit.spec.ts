import type { ProviderStatus } from '@abland/chain';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { addProviderMetrics } from './provider-metrics.js';
import type { IndexerStatus } from './start-indexer.js';

const WELL: ProviderStatus = {
  ...{ url: 'https://node.example/…', transport: 'HTTP', state: 'WELL', asideMs: 0, fault: null },
  ...{ lastFault: null, latencyMs: 40, answerAgeMs: 2_000, head: 12, requests: 7 },
  ...{ faults: {}, faultsByClass: {}, discrepancies: {}, rangeMax: null, batchMax: null, lacks: [] },
};

describe('the metrics of providers', () => {
  it('tell of each what was asked and what came of it, also where two have one host', async () => {
    const bad: ProviderStatus = {
      ...{ ...WELL, state: 'SET_ASIDE', asideMs: 5, latencyMs: null, requests: 3 },
      ...{ faultsByClass: { LATER: 2 }, discrepancies: { HEADER_HASH: 1 }, budgetWaitMs: 1_500 },
    };
    const registry = new Registry();
    addProviderMetrics(registry, () => [{ chainId: 7, providers: [WELL, bad] } as unknown as IndexerStatus]);
    await registry.metrics(); // asked twice, nothing is counted twice
    const text = await registry.metrics();
    const of = (place: number): string => `{chain="7",provider="https://node.example/…",place="${place}"`;
    expect(text).toContain(`abland_indexer_provider_requests_total${of(1)}} 7`);
    expect(text).toContain(`abland_indexer_provider_requests_total${of(2)}} 3`);
    expect(text).toContain(`abland_indexer_provider_failures_total${of(2)},class="LATER"} 2`);
    expect(text).toContain(`abland_indexer_provider_discrepancies_total${of(2)},kind="HEADER_HASH"} 1`);
    expect(text).toContain(`abland_indexer_provider_latency_seconds${of(1)}} 0.04`);
    expect(text).not.toContain(`abland_indexer_provider_latency_seconds${of(2)}`);
    expect(text).toContain(`abland_indexer_provider_budget_wait_seconds_total${of(2)}} 1.5`);
    expect(text).toContain(`abland_indexer_provider_budget_wait_seconds_total${of(1)}} 0`);
    expect(text).toContain(`abland_indexer_provider_aside${of(1)}} 0`);
    expect(text).toContain(`abland_indexer_provider_aside${of(2)}} 1`);
    expect(text).toContain(`abland_indexer_provider_head_block${of(1)}} 12`);
  });
});
