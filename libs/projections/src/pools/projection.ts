import type { Swap, Sync } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { placeOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { poolRequests, pools } from './tables.js';

export const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';

const request = (event: { data: { requestId: string } }) => [
  rowOf(poolRequests, { request_id: event.data.requestId }),
];
const pool = (event: { data: { poolId: string } }) => [rowOf(pools, { pool_id: event.data.poolId })];

/** Pool creations as asked for, and pools as the chain has them. */
export const poolsProjection: Projection = {
  name: 'pools',
  version: 1,
  tables: [poolRequests, pools],
  handlers: {
    PoolCreationRequested: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.put(poolRequests, {
          request_id: data.requestId,
          pool_id: data.poolId,
          creator: data.creator,
          token_a: data.tokenA,
          token_b: data.tokenB,
          amount_a: BigInt(data.amountA),
          amount_b: BigInt(data.amountB),
          execution: data.execution,
          status: 'PENDING',
          tx_hash: null,
          failure_code: null,
          failure_reason: null,
          requested_at: data.requestedAt,
          deadline: data.deadline,
        });
      },
    },
    PoolCreationSubmitted: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(
          poolRequests,
          { request_id: data.requestId },
          { status: 'DEPLOYING', tx_hash: data.txHash },
        );
      },
    },
    PoolDeployed: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(
          poolRequests,
          { request_id: data.requestId },
          { status: 'DEPLOYED', tx_hash: data.txHash, failure_code: null, failure_reason: null },
        );
      },
    },
    PoolCreationFailed: {
      reads: request,
      apply: ({ data }, rows) => {
        const { tx_hash } = rows.require(poolRequests, { request_id: data.requestId });
        rows.patch(
          poolRequests,
          { request_id: data.requestId },
          {
            status: 'FAILED',
            tx_hash: data.txHash ?? tx_hash,
            failure_code: data.code,
            failure_reason: storableText(data.reason),
          },
        );
      },
    },
    PoolDeploymentRetracted: {
      reads: request,
      apply: ({ data }, rows) => {
        rows.patch(
          poolRequests,
          { request_id: data.requestId },
          { status: 'DEPLOYING', failure_code: null, failure_reason: null },
        );
      },
    },
    PoolCreated: {
      reads: pool,
      apply: (event, rows) => {
        const { blockNumber, blockTime, logIndex, txHash, commandId } = placeOf(event);
        rows.put(pools, {
          pool_id: event.data.poolId,
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
    LiquidityAdded: {
      reads: pool,
      apply: (event, rows) => {
        const { data } = event;
        const { creator, total_liquidity } = rows.require(pools, { pool_id: data.poolId });
        rows.patch(
          pools,
          { pool_id: data.poolId },
          {
            total_liquidity: total_liquidity + BigInt(data.liquidity),
            creator: creator ?? (data.user === ZERO_ADDRESS ? null : data.user),
            updated_block: placeOf(event).blockNumber,
          },
        );
      },
    },
    LiquidityRemoved: {
      reads: pool,
      apply: (event, rows) => {
        const { data } = event;
        const { total_liquidity } = rows.require(pools, { pool_id: data.poolId });
        rows.patch(
          pools,
          { pool_id: data.poolId },
          {
            total_liquidity: total_liquidity - BigInt(data.liquidity),
            updated_block: placeOf(event).blockNumber,
          },
        );
      },
    },
    Swap: { reads: pool, apply: countSwap },
    Sync: { reads: pool, apply: setReserves },
  },
};

function countSwap(event: RecordedEvent<Swap>, rows: Rows): void {
  const key = { pool_id: event.data.poolId };
  const { swap_count } = rows.require(pools, key);
  rows.patch(pools, key, { swap_count: swap_count + 1, updated_block: placeOf(event).blockNumber });
}

function setReserves(event: RecordedEvent<Sync>, rows: Rows): void {
  const { poolId, reserveA, reserveB } = event.data;
  rows.patch(
    pools,
    { pool_id: poolId },
    { reserve_a: BigInt(reserveA), reserve_b: BigInt(reserveB), updated_block: placeOf(event).blockNumber },
  );
}
