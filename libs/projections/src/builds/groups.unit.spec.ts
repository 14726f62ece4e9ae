import { describe, expect, it } from '@jest/globals';
import type { BuildState } from '../engine/build.js';
import { chooseGroups, groupsOf } from './groups.js';

const build = (id: number, state: BuildState, position: bigint | null) => ({ id, state, position });
const ids = (builds: Parameters<typeof groupsOf>[0]) =>
  groupsOf(builds, 10n).map((group) => group.map(({ id }) => id));

describe('builds that share a subscription', () => {
  it('are the live ones at one place, and in another group those that are further behind', () => {
    expect(ids([build(1, 'LIVE', 100n), build(2, 'LIVE', 95n), build(3, 'LIVE', 40n)])).toEqual([
      [1, 2],
      [3],
    ]);
  });

  it('are never live ones and others, however near', () => {
    expect(ids([build(1, 'LIVE', 100n), build(2, 'READY', 100n), build(3, 'BUILDING', 99n)])).toEqual([
      [1],
      [2, 3],
    ]);
  });

  it('are measured by the furthest, so that no chain of near ones holds up the first', () => {
    expect(ids([build(1, 'LIVE', 100n), build(2, 'LIVE', 92n), build(3, 'LIVE', 84n)])).toEqual([
      [1, 2],
      [3],
    ]);
  });

  it('are begun ones or ones that are not, each alone', () => {
    expect(ids([build(1, 'LIVE', null), build(2, 'LIVE', 3n), build(3, 'LIVE', null)])).toEqual([
      [2],
      [1, 3],
    ]);
  });

  it('come live ones first, those furthest before others', () => {
    expect(ids([build(1, 'BUILDING', 5n), build(2, 'READY', 500n), build(3, 'LIVE', 50n)])).toEqual([
      [3],
      [2],
      [1],
    ]);
  });
});

describe('the groups that are kept at a time', () => {
  const [live, behind, ready, building] = [
    [build(1, 'LIVE', 100n)],
    [build(2, 'LIVE', 5n)],
    [build(3, 'READY', 100n)],
    [build(4, 'BUILDING', 9n)],
  ] as const;

  it('are the live ones before others', () => {
    expect(chooseGroups([live, behind, building], 3)).toEqual([live, behind, building]);
    expect(chooseGroups([live, behind, building], 2)).toEqual([live, behind]);
  });

  it('are what waits for its promotion besides all that grows, so that neither holds up the other', () => {
    expect(chooseGroups([live, ready, building], 2)).toEqual([live, building, ready]);
    expect(chooseGroups([live, ready], 1)).toEqual([live, ready]);
    expect(chooseGroups([live, [...ready, ...building]], 1)).toEqual([live]);
  });

  it('are of several that wait the one that is furthest behind, which would never come to the others else', () => {
    const further = [build(5, 'READY', 40n)];
    expect(chooseGroups(groupsOf([...live, ...ready, ...further], 10n), 2)).toEqual([live, further]);
  });
});
