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
 * The groups that are kept where no more than so many can be at a time: what is live first, then what is being built, so that a
 * build which waits for its promotion holds up no other.
 */
export function chooseGroups<B extends Placed>(
  groups: readonly (readonly B[])[],
  max: number,
): readonly (readonly B[])[] {
  const rank = (group: readonly B[]): number => Math.min(...group.map(({ state }) => RANKS[state] ?? 2));
  return [...groups].sort((one, other) => rank(one) - rank(other)).slice(0, max);
}

const RANKS: Readonly<Partial<Record<BuildState, number>>> = { LIVE: 0, BUILDING: 1, READY: 2 };

function byPlace<B extends Placed>(builds: readonly B[], nearby: bigint): readonly (readonly B[])[] {
  const groups: B[][] = [];
  let furthest = 0n;
  for (const build of [...builds].sort(furthestFirst)) {
    const group = groups.at(-1);
    const place = placeOf(build);
    if (group !== undefined && furthest - place <= nearby && isBegun(build) === isBegun(group[0]))
      group.push(build);
    else {
      groups.push([build]);
      furthest = place;
    }
  }
  return groups.map((group) => group.sort((one, other) => one.id - other.id));
}

const placeOf = ({ position }: Placed): Position => position ?? -1n;
/** One that was not begun has all its rows in memory: those that were are better read from the database. */
const isBegun = (build: Placed | undefined): boolean => (build?.position ?? null) !== null;

function furthestFirst(one: Placed, other: Placed): number {
  const [a, b] = [placeOf(one), placeOf(other)];
  if (a === b) return one.id - other.id;
  return a > b ? -1 : 1;
}
