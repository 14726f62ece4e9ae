import { ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type RowReference, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { platformDays, platformTotals, platformUsers } from './tables.js';

const DAY_SECONDS = 86_400;
type Counted = 'tokens' | 'pools' | 'swaps' | 'liquidity_changes';
type Fact<Data> = Pick<RecordedEvent, 'metadata'> & { readonly data: Data };

/** Counts a fact on its day, and who did it. What address zero does is none: it holds what the first deposit locks. */
const count = <Data>(counted: Counted, userOf: ((data: Data) => string) | null = null) => ({
  reads: (event: Fact<Data>): readonly RowReference[] => {
    const { chain_id, day } = dayOf(event);
    const address = userOf?.(event.data);
    const user = address === undefined ? [] : [rowOf(platformUsers, { chain_id, address })];
    return [rowOf(platformTotals, { chain_id }), rowOf(platformDays, { chain_id, day }), ...user];
  },
  apply: (event: Fact<Data>, rows: Rows): void => {
    const key = dayOf(event);
    const { chain_id, day } = key;
    const address = userOf?.(event.data);
    if (address === ZERO_ADDRESS) return;
    const user = address === undefined ? null : see(rows, { chain_id, address }, day);
    const known = rows.get(platformDays, key) ?? { ...key, ...NOTHING };
    rows.put(platformDays, {
      ...known,
      [counted]: known[counted] + 1,
      new_users: known.new_users + (user === 'NEW' ? 1 : 0),
      active_users: known.active_users + (user === null ? 0 : 1),
    });
    if (counted === 'tokens' || counted === 'pools') addTotal(rows, chain_id, counted);
    if (user === 'NEW') addTotal(rows, chain_id, 'users');
  },
});

function dayOf(event: Pick<RecordedEvent, 'metadata'>) {
  const { blockTime, chainId } = chainPlaceOf(event);
  return { chain_id: chainId, day: blockTime - (blockTime % DAY_SECONDS) };
}

const NOTHING: Omit<RowOf<typeof platformDays>, 'chain_id' | 'day'> = {
  ...{ tokens: 0, pools: 0, swaps: 0, liquidity_changes: 0, new_users: 0, active_users: 0 },
};

/** Notes that a user did something on a day; null: it was noted before. */
function see(
  rows: Rows,
  key: { readonly chain_id: number; readonly address: string },
  day: number,
): 'NEW' | 'KNOWN' | null {
  const known = rows.get(platformUsers, key);
  if (known?.last_day === day) return null;
  rows.put(platformUsers, { ...key, first_day: known?.first_day ?? day, last_day: day });
  return known === undefined ? 'NEW' : 'KNOWN';
}

function addTotal(rows: Rows, chain_id: number, counted: 'tokens' | 'pools' | 'users'): void {
  const known = rows.get(platformTotals, { chain_id }) ?? { chain_id, tokens: 0, pools: 0, users: 0 };
  rows.put(platformTotals, { ...known, [counted]: known[counted] + 1 });
}

/** What happened on each day, and what there is in all. */
export const platformProjection: Projection = {
  name: 'platform',
  version: 1,
  tables: [platformTotals, platformDays, platformUsers],
  handlers: {
    TokenCreated: count('tokens', ({ creator }: { creator: string }) => creator),
    PoolCreated: count('pools'),
    LiquidityAdded: count('liquidity_changes', ({ user }: { user: string }) => user),
    LiquidityRemoved: count('liquidity_changes', ({ user }: { user: string }) => user),
    Swap: count('swaps', ({ user }: { user: string }) => user),
  },
};
