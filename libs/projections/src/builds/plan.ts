import type { Build } from '../engine/build.js';

/** A projection as this program has it. */
export interface Definition {
  readonly definition: string;
  readonly version: number;
}

/**
 * FOLLOW: what is there is kept up. BEGIN_LIVE: nothing is there; what is begun is live from its first event. BEGIN_BESIDE: the live
 * one is of an older definition, and serves until one of ours is promoted. STAND_BACK: the live one is of a newer definition, or an
 * operator or another program decided against ours: two versions side by side must not take turns.
 */
export type Plan = 'FOLLOW' | 'BEGIN_LIVE' | 'BEGIN_BESIDE' | 'STAND_BACK';

type Planned = Pick<Build, 'definition' | 'state' | 'version'>;

/** What a program does about the builds of a projection when it starts. */
export function planFor({ definition, version }: Definition, builds: readonly Planned[]): Plan {
  const live = builds.find(({ state }) => state === 'LIVE');
  if (live === undefined) return 'BEGIN_LIVE';
  if (live.definition === definition) return 'FOLLOW';
  if (live.version !== null && live.version > version) return 'STAND_BACK';
  const ours = builds.filter((build) => build.definition === definition);
  if (ours.some(({ state }) => state === 'RETIRED')) return 'STAND_BACK';
  return ours.length === 0 ? 'BEGIN_BESIDE' : 'FOLLOW';
}
