import { describe, expect, it } from '@jest/globals';
import type { ProviderStatus } from './provider-status.js';
import { readToldProviders, tellProviders } from './told-providers.js';

const STATUS: ProviderStatus = {
  ...{ url: 'https://node.example/…', transport: 'HTTP', state: 'SET_ASIDE', asideMs: 5_000 },
  ...{ fault: { code: 'A', message: 'a' }, lastFault: { code: 'A', message: 'a', ageMs: 100 } },
  ...{
    latencyMs: 40,
    answerAgeMs: 2_000,
    head: 12,
    requests: 7,
    faults: { A: 1 },
    faultsByClass: { LATER: 1 },
  },
  ...{ discrepancies: {}, rangeMax: 10, batchMax: null, lacks: ['eth_getBlockReceipts'] },
};

describe('what is told of providers', () => {
  it('is read as it was told, with the ages of now', () => {
    const detail = JSON.parse(JSON.stringify(tellProviders([STATUS]).detail));
    expect(readToldProviders(detail, 1_000)).toEqual([
      { ...STATUS, asideMs: 4_000, answerAgeMs: 3_000, lastFault: { ...STATUS.lastFault, ageMs: 1_100 } },
    ]);
    expect(readToldProviders(detail, 9_000)).toMatchObject([{ asideMs: 0 }]);
  });

  it('is the same while nothing but ages changed', () => {
    const { mark } = tellProviders([STATUS]);
    const older = {
      ...STATUS,
      asideMs: 1,
      answerAgeMs: 9_000,
      lastFault: { code: 'A', message: 'a', ageMs: 900 },
    };
    expect(tellProviders([older]).mark).toBe(mark);
    expect(tellProviders([{ ...STATUS, requests: 8 }]).mark).not.toBe(mark);
  });

  it('is nothing where it is of another shape, and bounded however many there are', () => {
    for (const detail of [null, {}, [null], [{ url: 'x' }]]) expect(readToldProviders(detail, 0)).toEqual([]);
    expect(tellProviders(Array.from({ length: 100 }, () => STATUS)).detail).toHaveLength(32);
  });
});
