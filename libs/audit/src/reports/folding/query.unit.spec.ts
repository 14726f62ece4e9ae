import { describe, expect, it } from '@jest/globals';
import { parseQuery, type ReportQuery } from './query.js';

const WHOLE = { from: null, until: null };
const MARKET: ReportQuery = { kind: 'MARKET', chainId: 1, poolId: null, ...WHOLE };

describe('what a report is asked for', () => {
  it('is taken as it is', () => {
    expect(parseQuery(MARKET as never)).toEqual(MARKET);
    const day = { kind: 'ACTS', from: '2026-02-28T00:00:00Z', until: '2026-03-01T00:00:00Z' };
    expect(parseQuery(day)).toEqual(day);
  });

  it.each([
    ['kind', { kind: 'NONE', ...WHOLE }],
    ['chainId', { ...MARKET, chainId: -1 }],
    ['poolId', { ...MARKET, poolId: '0x12' }],
    ['address', { kind: 'ACCOUNT', chainId: 1, address: `0x${'A'.repeat(40)}`, ...WHOLE }],
    ['from', { ...MARKET, from: '2026-02-30T00:00:00Z' }],
    ['until', { ...MARKET, from: '2026-02-02T00:00:00Z', until: '2026-02-02T00:00:00Z' }],
    ['more', { ...MARKET, more: 1 }],
  ])('is refused with a wrong %s', (field, query) => {
    expect(() => parseQuery(query as never)).toThrow(
      expect.objectContaining({ details: { field } }) as unknown as Error,
    );
  });
});
