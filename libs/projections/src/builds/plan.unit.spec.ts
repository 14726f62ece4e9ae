import { describe, expect, it } from '@jest/globals';
import type { BuildState } from '../engine/build.js';
import { planFor } from './plan.js';
import { promotesByItself } from './promote-by-itself.js';

const ours = { definition: 'ours', version: 2 };
const of = (state: BuildState, definition: string, version: number | null) => ({
  state,
  definition,
  version,
});

describe('what a program does about a projection', () => {
  it('begins what is live where nothing is', () => {
    expect(planFor(ours, [])).toBe('BEGIN_LIVE');
    expect(planFor(ours, [of('RETIRED', 'ours', 2)])).toBe('BEGIN_LIVE');
  });

  it('follows what is live by its own definition', () => {
    expect(planFor(ours, [of('LIVE', 'ours', 2), of('RETIRED', 'ours', 2)])).toBe('FOLLOW');
  });

  it('begins one beside what is live by an older definition, or by one of before versions were kept', () => {
    expect(planFor(ours, [of('LIVE', 'older', 1)])).toBe('BEGIN_BESIDE');
    expect(planFor(ours, [of('LIVE', 'older', null), of('RETIRED', 'oldest', 1)])).toBe('BEGIN_BESIDE');
  });

  it('goes on with what it began, whatever its state', () => {
    for (const state of ['BUILDING', 'PAUSED', 'READY', 'FAILED'] as const)
      expect(planFor(ours, [of('LIVE', 'older', 1), of(state, 'ours', 2)])).toBe('FOLLOW');
  });

  it('stands back from a newer definition, and from one that was chosen instead of its own', () => {
    expect(planFor(ours, [of('LIVE', 'newer', 3)])).toBe('STAND_BACK');
    expect(planFor(ours, [of('LIVE', 'older', 1), of('RETIRED', 'ours', 2)])).toBe('STAND_BACK');
  });
});

describe('a build that promotes itself', () => {
  const ready = { state: 'READY', promotesItself: true, defects: 1 } as const;

  it('does so once it is ready, where our code did not break on more events than before', () => {
    expect(promotesByItself(ready, { defects: 1 })).toBe(true);
    expect(promotesByItself(ready, { defects: 0 })).toBe(false);
    expect(promotesByItself(ready, undefined)).toBe(true);
    expect(promotesByItself({ ...ready, state: 'BUILDING' }, { defects: 1 })).toBe(false);
    expect(promotesByItself({ ...ready, promotesItself: false }, { defects: 1 })).toBe(false);
  });
});
