import type { LiquidityAdded, LiquidityRemoved } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { AmountBelowZeroError } from '../engine/errors.js';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { subjectOf, sumOf } from '../engine/sums.js';
import { POSITIONS_ADD_UP } from '../pools/projection.js';
import { liquidityChanges, liquidityPositions } from './tables.js';

type LiquidityEvent = RecordedEvent<LiquidityAdded> | RecordedEvent<LiquidityRemoved>;

const keyOf = (event: LiquidityEvent) => ({
  chain_id: chainPlaceOf(event).chainId,
  pool_id: event.data.poolId,
  owner: event.data.user,
});
const position = (event: LiquidityEvent) => [rowOf(liquidityPositions, keyOf(event))];

/** Who provides how much to which pool. Address zero holds the minimum that the first deposit locks. */
export const positionsProjection: Projection = {
  name: 'positions',
  version: 1,
  tables: [liquidityPositions, liquidityChanges],
  sums: [
    sumOf(POSITIONS_ADD_UP, 'PARTS', liquidityPositions, (row, add) =>
      add(subjectOf(row.chain_id, row.pool_id), row.liquidity),
    ),
  ],
  handlers: {
    LiquidityAdded: {
      reads: position,
      apply: (event, rows) => {
        const { blockNumber, blockTime } = chainPlaceOf(event);
        const { data } = event;
        const known = rows.get(liquidityPositions, keyOf(event)) ?? {
          ...keyOf(event),
          liquidity: 0n,
          added_a: 0n,
          added_b: 0n,
          removed_a: 0n,
          removed_b: 0n,
          opened_block: blockNumber,
          opened_time: blockTime,
          updated_block: blockNumber,
        };
        rows.put(liquidityPositions, {
          ...known,
          liquidity: known.liquidity + BigInt(data.liquidity),
          added_a: known.added_a + BigInt(data.amountA),
          added_b: known.added_b + BigInt(data.amountB),
          updated_block: blockNumber,
        });
        recordChange(event, 'ADD', rows);
      },
    },
    LiquidityRemoved: {
      reads: position,
      apply: (event, rows) => {
        const { data } = event;
        const known = rows.require(liquidityPositions, keyOf(event));
        const liquidity = known.liquidity - BigInt(data.liquidity);
        if (liquidity < 0n)
          throw new AmountBelowZeroError('More liquidity was removed than was there', keyOf(event));
        rows.put(liquidityPositions, {
          ...known,
          liquidity,
          removed_a: known.removed_a + BigInt(data.amountA),
          removed_b: known.removed_b + BigInt(data.amountB),
          updated_block: chainPlaceOf(event).blockNumber,
        });
        recordChange(event, 'REMOVE', rows);
      },
    },
  },
};

function recordChange(event: LiquidityEvent, kind: 'ADD' | 'REMOVE', rows: Rows): void {
  const { chainId, blockNumber, blockTime, logIndex, txHash, commandId } = chainPlaceOf(event);
  rows.insert(liquidityChanges, {
    chain_id: chainId,
    block_number: blockNumber,
    log_index: logIndex,
    kind,
    pool_id: event.data.poolId,
    user_address: event.data.user,
    amount_a: BigInt(event.data.amountA),
    amount_b: BigInt(event.data.amountB),
    liquidity: BigInt(event.data.liquidity),
    tx_hash: txHash,
    block_time: blockTime,
    command_id: commandId,
  });
}
