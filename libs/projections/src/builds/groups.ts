import type { Position } from '@abland/kernel';
import type { BuildState } from '../engine/build.js';

interface Placed {
  readonly id: number;
  readonly state: BuildState;
  readonly position: Position | null;
}

/**
 * Builds that share a subscription: those that are at about the same place, no further apart than `nearby` positions. Live ones
 * and others never share one, so that nothing that happens to a build is felt by readers. The live ones come first, of either kind
 * those that are furthest.
 */
export function groupsOf<B extends Placed>(builds: readonly B[], nearby: bigint): readonly (readonly B[])[] {
  const live = builds.filter(({ state }) => state === 'LIVE');
  const beside = builds.filter(({ state }) => state !== 'LIVE');
  return [...byPlace(live, nearby), ...byPlace(beside, nearby)];
}

/**
 * The groups that are kept at a time: of what is live and what is being built no more than so many, what is live first; and one of those
 * that wait for their promotion, which neither hold up what is being built nor are held up by it. Of several of these it is the one that is
 * furthest behind: it comes to where the others are, and is one group with them from then on.
 */
export function chooseGroups<B extends Placed>(
  groups: readonly (readonly B[])[],
  max: number,
): readonly (readonly B[])[] {
  const isWaiting = (group: readonly B[]): boolean => group.every(({ state }) => state === 'READY');
  const isLive = ([first]: readonly B[]): boolean => first?.state === 'LIVE';
  const growing = groups.filter((group) => !isWaiting(group));
  const kept = [...growing.filter(isLive), ...growing.filter((group) => !isLive(group))].slice(0, max);
  return [...kept, ...groups.filter(isWaiting).slice(-1)];
}

function byPlace<B extends Placed>(builds: readonly B[], nearby: bigint): readonly (readonly B[])[] {
  const groups: B[][] = [];
  let furthest = 0n;
  for (const build of [...builds].sort(furthestFirst)) {
    const group = groups.at(-1);
    const place = orderedBy(build);
    if (group !== undefined && furthest - place <= nearby && isBegun(build) === isBegun(group[0]))
      group.push(build);
    else {
      groups.push([build]);
      furthest = place;
    }
  }
  return groups.map((group) => group.sort((one, other) => one.id - other.id));
}

const orderedBy = ({ position }: Placed): Position => position ?? -1n;
/** One that was not begun has all its rows in memory: those that were are better read from the database. */
const isBegun = (build: Placed | undefined): boolean => (build?.position ?? null) !== null;

function furthestFirst(one: Placed, other: Placed): number {
  const [a, b] = [orderedBy(one), orderedBy(other)];
  if (a === b) return one.id - other.id;
  return a > b ? -1 : 1;
}
