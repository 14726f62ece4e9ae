import { describe, expect, it } from '@jest/globals';
import type { BuildView } from '@abland/projections';
import { buildLine } from './build-line.js';

const build: BuildView = {
  ...{ name: 'tokens', build: 12, state: 'BUILDING', activity: 'CATCHING_UP', definition: 'abcdef012345' },
  ...{
    version: 3,
    checkpoint: 700n,
    behind: 300n,
    handled: 650,
    eventsPerSecond: 100,
    parked: 2,
    defects: 0,
    violations: 0,
    lastViolation: null,
  },
  ...{ promotesItself: false, explained: null, target: 990n, timeLeft: { seconds: 2.9, within: 0.4 } },
  ...{ memoryBytes: 200 * 2 ** 20, askedBy: 'operator:grace', reason: 'Another rounding', lastError: null },
  ...{ askedAt: '2026-01-01T12:00:00.000Z', updatedAt: '2026-01-01T12:00:01.000Z' },
};

describe('what an operator is shown of a build', () => {
  it('is how far it is of what, how fast, how long it takes and how sure that is, and the memory of who builds it', () => {
    expect(buildLine(build)).toBe(
      'tokens             12 BUILDING             abcdef012345 at 700 of 990, behind 300, 100 a second, 3 s left, give or take 1 s, 200 MiB, parked 2  by operator:grace at 2026-01-01T12:00:00.000Z: Another rounding',
    );
  });

  it('is that nobody keeps it, and nothing of what was told before', () => {
    const line = buildLine({ ...build, activity: 'STALLED', timeLeft: null, memoryBytes: null });
    expect(line).toContain('BUILDING (STALLED)');
    expect(line).toContain('100 a second, time left not known yet, parked 2');
  });

  it('says of the live one no time, for it is where the log is', () => {
    const live = { ...build, state: 'LIVE', activity: 'LIVE', behind: 0n, checkpoint: 1_000n } as const;
    expect(buildLine(live)).toContain(
      'LIVE (LIVE)          abcdef012345 at 1000, behind 0, 100 a second, 200 MiB',
    );
  });
});
