import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { pools } from './tables.js';

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';

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
    const known = rows.require(pools, keyOf(event));
    const updated_block = chainPlaceOf(event).blockNumber;
    rows.put(pools, { ...known, ...changes(event.data, known), updated_block });
  },
});

/** Pools as the chain has them. */
export const poolsProjection: Projection = {
  name: 'pools',
  version: 1,
  tables: [pools],
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
    Sync: change(({ reserveA, reserveB }) => ({
      reserve_a: BigInt(reserveA),
      reserve_b: BigInt(reserveB),
    })),
  },
};
