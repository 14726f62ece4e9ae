import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { logId } from '../read-model/log-id.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';

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

const NEWEST: SortOrder = { name: 'swaps', parts: ['int8', 'int8'] };

/** Newest first, by place on the chain. */
export async function listSwaps(
  db: ReadModel,
  input: { chainId: number; filter?: SwapFilter; page: PageRequest },
): Promise<Page<SwapView>> {
  const { filter = {}, page } = input;
  const after = decodeCursor(NEWEST, page.after);
  const rows = await db
    .selectFrom('swaps')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .$if(filter.poolId !== undefined, (q) => q.where('pool_id', '=', filter.poolId ?? ''))
    .$if(filter.user !== undefined, (q) => q.where('user_address', '=', filter.user ?? ''))
    .$if(filter.token !== undefined, (q) =>
      q.where((eb) =>
        eb.or([eb('token_in', '=', filter.token ?? ''), eb('token_out', '=', filter.token ?? '')]),
      ),
    )
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(block_number, log_index) < (${after?.[0]}::bigint, ${after?.[1]}::bigint)`),
    )
    .orderBy('block_number', 'desc')
    .orderBy('log_index', 'desc')
    .limit(rowsToSelect(page))
    .execute();
  return toPage(rows, page, NEWEST, (row) => [row.block_number, row.log_index], swapView);
}

function swapView(row: Selectable<ReadModelDatabase['swaps']>): SwapView {
  return {
    id: logId(row),
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
