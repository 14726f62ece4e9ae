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
  const ready = { id: 2, state: 'READY', promotesItself: true, defects: 1 } as const;

  const live = { id: 1, defects: 1, stands: false, isKept: true };

  it('does so once it is ready, where our code did not break on more events than before', () => {
    expect(promotesByItself(ready, live, true)).toBe(true);
    expect(promotesByItself(ready, { ...live, defects: 0 }, true)).toBe(false);
    expect(promotesByItself(ready, undefined, undefined)).toBe(true);
    expect(promotesByItself({ ...ready, state: 'BUILDING' }, live, true)).toBe(false);
    expect(promotesByItself({ ...ready, promotesItself: false }, live, true)).toBe(false);
  });

  it('waits to be compared with the live one, and for an operator where they differ in what nothing explains', () => {
    expect(promotesByItself(ready, live, undefined)).toBe(false);
    expect(promotesByItself(ready, live, false)).toBe(false);
  });

  it('waits for none of that where nobody keeps the live one, or it cannot go on: readers would see what is older by the minute', () => {
    for (const left of [{ stands: true }, { isKept: false }])
      for (const isExplained of [undefined, false])
        expect(promotesByItself(ready, { ...live, ...left }, isExplained)).toBe(true);
    expect(promotesByItself(ready, { ...live, isKept: false, defects: 0 }, undefined)).toBe(false);
  });

  it('takes its place again where an operator switches back to it, whatever differs', () => {
    for (const isExplained of [undefined, false])
      expect(promotesByItself({ ...ready, id: 1 }, { ...live, id: 2 }, isExplained)).toBe(true);
  });
});
