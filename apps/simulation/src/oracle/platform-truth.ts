import type { SimulatedBlock } from '@abland/testing/simulated-chain';
import { line } from './market-truth.js';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const DAY_SECONDS = 86_400;
/** Who did something, by the facts that count, and as what they count. */
const COUNTED: Readonly<Record<string, readonly [counted: string, user: string | null]>> = {
  TokenCreated: ['tokens', 'creator'],
  PoolCreated: ['pools', null],
  Swap: ['swaps', 'user'],
  LiquidityAdded: ['changes', 'user'],
  LiquidityRemoved: ['changes', 'user'],
};
const COUNTS = ['tokens', 'pools', 'swaps', 'changes'] as const;

interface Deed {
  readonly day: number;
  readonly counted: string;
  readonly user: string | null;
}

/** A line each: what the read models `platform_totals` and `platform_days` must say at the end of these blocks. */
export function platformOf(blocks: readonly SimulatedBlock[]): {
  readonly totals: readonly string[];
  readonly days: readonly string[];
} {
  const deeds = blocks.flatMap(deedsOf);
  const firstDays = new Map(deeds.toReversed().map(({ day, user }) => [user, day])); // of equals the last stays
  const usersOf = (some: readonly Deed[]): ReadonlySet<string> =>
    new Set(some.flatMap(({ user }) => user ?? []));
  const counts = (some: readonly Deed[]): readonly number[] =>
    COUNTS.map((name) => some.filter(({ counted }) => counted === name).length);
  const days = [...Map.groupBy(deeds, ({ day }) => day)].map(([day, some]) => {
    const active = [...usersOf(some)];
    return line(
      day,
      ...counts(some),
      active.filter((user) => firstDays.get(user) === day).length,
      active.length,
    );
  });
  const [tokens, pools] = counts(deeds);
  const users = usersOf(deeds).size;
  return { days, totals: (tokens ?? 0) + (pools ?? 0) + users === 0 ? [] : [line(tokens, pools, users)] };
}

/** What address zero does is nothing: it holds what the first deposit locks. */
function deedsOf({ facts, time }: SimulatedBlock): readonly Deed[] {
  const day = time - (time % DAY_SECONDS);
  return facts.flatMap(({ data, type }) => {
    const [counted, field] = COUNTED[type] ?? [];
    if (counted === undefined) return [];
    const user = field === null || field === undefined ? null : String(data[field]);
    return user === ZERO_ADDRESS ? [] : [{ day, counted, user }];
  });
}
