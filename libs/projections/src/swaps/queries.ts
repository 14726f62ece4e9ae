import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { chainLogId } from '../read-model/chain-log-id.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { placeOrder, readPlacePage } from '../read-model/place-page.js';

export interface SwapView {
  /** `<chain>-<block>-<log>`. */
  readonly id: string;
  readonly chainId: number;
  readonly poolId: string;
  readonly user: string;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: string;
  readonly amountOut: string;
  /** The price of token A in token B is amountB / amountA in base units, exactly. */
  readonly sellsA: boolean;
  readonly amountA: string;
  readonly amountB: string;
  /** The whole swap fee and the protocol's part of it, base units of tokenIn. */
  readonly fee: string;
  readonly protocolFee: string;
  readonly txHash: string;
  readonly blockNumber: number;
  readonly logIndex: number;
  /** Seconds since the epoch. */
  readonly blockTime: number;
  readonly commandId: string | null;
}

export interface SwapFilter {
  readonly poolId?: string;
  readonly user?: string;
  /** Bought or sold. */
  readonly token?: string;
}

const NEWEST = placeOrder('swaps');

/** Newest first, by place on the chain. */
export async function listSwaps(
  db: ReadModel,
  input: { chainId: number; filter?: SwapFilter; page: PageRequest },
): Promise<Page<SwapView>> {
  const { chainId, filter = {}, page } = input;
  return readPlacePage<SwapRow, SwapView>(db, NEWEST, {
    chainId,
    page,
    query: ({ older, limit }) => {
      const conditions = [sql`chain_id = ${chainId}::bigint`, older];
      if (filter.poolId !== undefined) conditions.push(sql`pool_id = ${filter.poolId}`);
      if (filter.user !== undefined) conditions.push(sql`user_address = ${filter.user}`);
      if (filter.token !== undefined) {
        conditions.push(sql`(token_in = ${filter.token} OR token_out = ${filter.token})`);
      }
      return sql`
        SELECT * FROM read_model.swaps WHERE ${sql.join(conditions, sql` AND `)}
        ORDER BY block_number DESC, log_index DESC LIMIT ${limit}::int`;
    },
    nodeOf: swapView,
  });
}

type SwapRow = Selectable<ReadModelDatabase['swaps']>;

function swapView(row: SwapRow): SwapView {
  return {
    id: chainLogId(row),
    chainId: Number(row.chain_id),
    poolId: row.pool_id,
    user: row.user_address,
    tokenIn: row.token_in,
    tokenOut: row.token_out,
    amountIn: row.amount_in,
    amountOut: row.amount_out,
    sellsA: row.sells_a,
    amountA: row.amount_a,
    amountB: row.amount_b,
    fee: row.fee,
    protocolFee: row.protocol_fee,
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    blockTime: Number(row.block_time),
    commandId: row.command_id,
  };
}
