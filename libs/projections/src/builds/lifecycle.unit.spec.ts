import { describe, expect, it } from '@jest/globals';
import type { BuildState } from '../engine/build.js';
import { type BuildAct, buildMeant, fateOf } from './lifecycle.js';

const ACTS: readonly BuildAct[] = ['PAUSE', 'RESUME', 'PROMOTE', 'SWITCH_BACK', 'DISCARD'];
const STATES: readonly BuildState[] = ['BUILDING', 'PAUSED', 'READY', 'LIVE', 'RETIRED', 'FAILED'];

const build = (state: BuildState, id = 7) => ({ id, projection: 'tokens', state });

function told(act: BuildAct, state: BuildState): string {
  try {
    return fateOf(act, build(state));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('what becomes of a build', () => {
  it('is said for every act and every state', () => {
    const table = Object.fromEntries(ACTS.map((act) => [act, STATES.map((state) => told(act, state))]));
    const no = 'BUILD_STATE';
    expect(table).toEqual({
      //            BUILDING        PAUSED      READY     LIVE RETIRED     FAILED
      PAUSE: ['PAUSED', no, 'PAUSED', no, no, no],
      RESUME: [no, 'BUILDING', no, no, no, 'BUILDING'],
      PROMOTE: ['BUILD_BEHIND', no, 'LIVE', no, no, no],
      SWITCH_BACK: [no, no, no, no, 'BUILDING', no],
      DISCARD: ['GONE', 'GONE', 'GONE', no, 'GONE', 'GONE'],
    });
  });

  it('names the build and its state where it is refused', () => {
    expect(() => fateOf('DISCARD', build('LIVE'))).toThrow(
      expect.objectContaining({
        code: 'BUILD_STATE',
        details: { act: 'DISCARD', build: 7, projection: 'tokens', state: 'LIVE' },
      }),
    );
  });
});

describe('the build that an act means', () => {
  const builds = [
    build('LIVE', 1),
    build('RETIRED', 2),
    build('READY', 3),
    { ...build('READY', 4), projection: 'pools' },
  ];

  it('is the only one of the projection to which it can be done', () => {
    expect(buildMeant('PROMOTE', 'tokens', builds).id).toBe(3);
    expect(buildMeant('SWITCH_BACK', 'tokens', builds).id).toBe(2);
  });

  it('must be named where there are several', () => {
    const refused = { code: 'AMBIGUOUS_BUILD', details: { projection: 'tokens', builds: [2, 3] } };
    expect(() => buildMeant('DISCARD', 'tokens', builds)).toThrow(expect.objectContaining(refused));
    expect(buildMeant('DISCARD', 'tokens', builds, 2).id).toBe(2);
  });

  it('is refused by its state where it is the only one beside the live one', () => {
    const two = [build('LIVE', 1), build('BUILDING', 2)];
    expect(() => buildMeant('PROMOTE', 'tokens', two)).toThrow(
      expect.objectContaining({ code: 'BUILD_BEHIND' }),
    );
  });

  it('is refused in the words of what was asked: comparing promotes nothing', () => {
    const compare = (
      ...given: Parameters<typeof buildMeant> extends [unknown, ...infer Rest] ? Rest : never
    ) => buildMeant('COMPARE', ...given);
    expect(compare('tokens', builds).id).toBe(3);
    for (const others of [
      [build('LIVE', 1)],
      [build('LIVE', 1), build('BUILDING', 2)],
      [build('LIVE', 1), build('PAUSED', 2)],
    ])
      expect(() => compare('tokens', others)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('promot') }),
      );
    expect(() => compare('tokens', [build('LIVE', 1)])).toThrow(
      'tokens has no build of which anything could be compared with the live one',
    );
  });

  it('is unknown where there is none, and where the number is another projection’s', () => {
    const unknown = expect.objectContaining({ code: 'UNKNOWN_BUILD' });
    expect(() => buildMeant('RESUME', 'tokens', [build('LIVE', 1)])).toThrow(unknown);
    expect(() => buildMeant('PROMOTE', 'tokens', builds, 4)).toThrow(unknown);
  });
});
