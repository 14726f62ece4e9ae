import { describe, expect, it } from '@jest/globals';
import type { LagReader } from './lag.js';
import { type HealthChecks, Readiness, type ReadinessPorts } from './readiness.js';

const away = (): Promise<never> => Promise.reject(new Error('away'));
const never = (): Promise<never> => new Promise(() => undefined);

/** Whose checks are those that are given alone. */
const readinessOf = (others: HealthChecks): Readiness =>
  new Readiness({
    pool: { query: away } as unknown as ReadinessPorts['pool'],
    readPool: { query: away } as unknown as ReadinessPorts['pool'],
    log: { head: away } as unknown as ReadinessPorts['log'],
    progress: { ofLog: away } as unknown as LagReader,
    stages: { stages: away } as unknown as ReadinessPorts['stages'],
    personalData: { requireKeys: away },
    ...{ chainIds: [], others },
  });

describe('readiness', () => {
  it('is told where a check has no end, which is begun once however often it is probed', async () => {
    let begun = 0;
    const stuck = (): Promise<never> => {
      begun += 1;
      return never();
    };
    const readiness = readinessOf({ stuck, fine: () => Promise.resolve({ ok: true }) });
    for (const probes of [2, 1]) {
      const answers = await Promise.all(Array.from({ length: probes }, () => readiness.check()));
      for (const { checks, ready } of answers) {
        expect(ready).toBe(false);
        expect(checks).toMatchObject({ stuck: { ok: false, error: 'TIME_LIMIT' }, fine: { ok: true } });
      }
    }
    expect(begun).toBe(1);
  }, 120_000);

  it('is degraded where the keys of persons are out of reach: they are needed for few answers', async () => {
    const { checks } = await readinessOf({}).check();
    expect(checks['personalKeys']).toEqual({
      ...{ ok: true, degraded: true, error: expect.any(String), answeredMs: expect.any(Number) },
    });
  });
});
