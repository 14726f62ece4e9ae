import { describe, expect, it } from '@jest/globals';
import type { ProviderStatus } from './provider-status.js';
import { readToldProviders, readToldSeen, tellProviders } from './told-providers.js';

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
    const detail = JSON.parse(JSON.stringify(tellProviders([STATUS], null).detail));
    expect(readToldProviders(detail, 1_000)).toEqual([
      { ...STATUS, asideMs: 4_000, answerAgeMs: 3_000, lastFault: { ...STATUS.lastFault, ageMs: 1_100 } },
    ]);
    expect(readToldProviders(detail, 9_000)).toMatchObject([{ asideMs: 0 }]);
  });

  it('is the same while nothing but ages changed', () => {
    const { mark } = tellProviders([STATUS], null);
    const older = {
      ...STATUS,
      asideMs: 1,
      answerAgeMs: 9_000,
      lastFault: { code: 'A', message: 'a', ageMs: 900 },
    };
    expect(tellProviders([older], null).mark).toBe(mark);
    expect(tellProviders([{ ...STATUS, requests: 8 }], null).mark).not.toBe(mark);
  });

  it('is nothing where it is of another shape, and bounded however many there are', () => {
    for (const detail of [
      null,
      {},
      [null],
      { providers: [null] },
      { providers: [{ url: 'x' }], seen: { block: 1 } },
    ]) {
      expect(readToldProviders(detail, 0)).toEqual([]);
      expect(readToldSeen(detail)).toBeNull();
    }
    const { detail } = tellProviders(
      Array.from({ length: 100 }, () => STATUS),
      null,
    );
    expect(readToldProviders(detail, 0)).toHaveLength(32);
  });

  it('is who has another chain than ours, at once', () => {
    const seen = { provider: 'https://node.example', block: { number: 7, hash: `0x${'7'.repeat(64)}` } };
    const told = tellProviders([STATUS], seen);
    expect(readToldSeen(JSON.parse(JSON.stringify(told.detail)))).toEqual(seen);
    expect(told.urgent).not.toBe(tellProviders([STATUS], null).urgent);
    expect(tellProviders([{ ...STATUS, requests: 8 }], seen).urgent).toBe(told.urgent);
  });
});
