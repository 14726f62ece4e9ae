import { type Sync, ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { subjectOf, sumOf } from '../engine/sums.js';
import type { RowOf } from '../engine/table.js';
import { poolReserves, pools } from './tables.js';

/** The minimum that the first deposit locks is a position of address zero. The other side is kept by `positions`. */
export const POSITIONS_ADD_UP = 'The positions in a pool add up to its liquidity';
type OfPool = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly poolId: string } };
type PoolRow = RowOf<typeof pools>;

const keyOf = (event: OfPool) => ({ chain_id: chainPlaceOf(event).chainId, pool_id: event.data.poolId });
const reads = (event: OfPool) => [rowOf(pools, keyOf(event))];

/** A handler that sets columns of the pool that its event names. */
const change = <Event extends OfPool>(
  changes: (data: Event['data'], known: PoolRow) => Partial<PoolRow>,
) => ({
  reads,
  apply: (event: Event, rows: Rows): void => {
    const key = keyOf(event);
    const updated_block = chainPlaceOf(event).blockNumber;
    rows.patch(pools, key, { ...changes(event.data, rows.require(pools, key)), updated_block });
  },
});

/** The contract tells of a deposit before it tells of the reserves that it leaves, so the liquidity in all is of the same moment. */
function sync(event: RecordedEvent<Sync>, rows: Rows): void {
  const { chainId, blockNumber, blockTime, logIndex } = chainPlaceOf(event);
  const reserves = { reserve_a: BigInt(event.data.reserveA), reserve_b: BigInt(event.data.reserveB) };
  const { total_liquidity } = rows.patch(pools, keyOf(event), { ...reserves, updated_block: blockNumber });
  rows.insert(poolReserves, {
    chain_id: chainId,
    block_number: blockNumber,
    log_index: logIndex,
    pool_id: event.data.poolId,
    ...reserves,
    total_liquidity,
    block_time: blockTime,
  });
}

/** Pools as the chain has them, and their reserves as they were. */
export const poolsProjection: Projection = {
  name: 'pools',
  version: 2,
  tables: [pools, poolReserves],
  sums: [
    sumOf(POSITIONS_ADD_UP, 'WHOLE', pools, (row, add) =>
      add(subjectOf(row.chain_id, row.pool_id), row.total_liquidity),
    ),
  ],
  handlers: {
    PoolCreated: {
      reads,
      apply: (event, rows) => {
        const { blockNumber, blockTime, logIndex, txHash, commandId } = chainPlaceOf(event);
        rows.put(pools, {
          ...keyOf(event),
          token_a: event.data.tokenA,
          token_b: event.data.tokenB,
          reserve_a: 0n,
          reserve_b: 0n,
          total_liquidity: 0n,
          creator: null,
          swap_count: 0,
          tx_hash: txHash,
          block_number: blockNumber,
          block_time: blockTime,
          log_index: logIndex,
          command_id: commandId,
          updated_block: blockNumber,
        });
      },
    },
    LiquidityAdded: change(({ user, liquidity }, { creator, total_liquidity }) => ({
      total_liquidity: total_liquidity + BigInt(liquidity),
      creator: creator ?? (user === ZERO_ADDRESS ? null : user),
    })),
    LiquidityRemoved: change(({ liquidity }, { total_liquidity }) => ({
      total_liquidity: total_liquidity - BigInt(liquidity),
    })),
    Swap: change((_, { swap_count }) => ({ swap_count: swap_count + 1 })),
    Sync: { reads, apply: sync },
  },
};
