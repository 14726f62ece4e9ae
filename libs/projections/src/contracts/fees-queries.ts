import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { logId } from '../read-model/log-id.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';

export interface FeesInForce {
  /** Basis points of 10,000. */
  readonly swapFee: bigint;
  /** Basis points of 10,000; the protocol's part inside the swap fee. */
  readonly protocolFee: bigint;
  /** Wei. */
  readonly tokenCreationFee: bigint;
  /** The block of the newest change. */
  readonly updatedBlock: number;
}

/** The fees that the chain's facts say; null as long as one of them was never said. */
export async function feesInForceNow(db: ReadModel, chainId: number): Promise<FeesInForce | null> {
  const row = await db
    .selectFrom('contract_settings')
    .select(({ fn }) => [
      // Each fee is of one contract.
      fn.max('swap_fee').as('swap_fee'),
      fn.max('protocol_fee').as('protocol_fee'),
      fn.max('creation_fee').as('creation_fee'),
    ])
    .select((eb) =>
      eb
        .selectFrom('fee_changes')
        .select(({ fn }) => fn.max('block_number').as('block'))
        .where('chain_id', '=', String(chainId))
        .as('updated_block'),
    )
    .where('chain_id', '=', String(chainId))
    .executeTakeFirstOrThrow();
  const { swap_fee, protocol_fee, creation_fee, updated_block } = row;
  if (swap_fee === null || protocol_fee === null || creation_fee === null) return null;
  return {
    swapFee: BigInt(swap_fee),
    protocolFee: BigInt(protocol_fee),
    tokenCreationFee: BigInt(creation_fee),
    updatedBlock: Number(updated_block),
  };
}

export type FeeKind = 'SWAP' | 'PROTOCOL' | 'TOKEN_CREATION';

export interface FeeChangeView {
  /** `<chain>-<block>-<log>`. */
  readonly id: string;
  readonly chainId: number;
  readonly kind: FeeKind;
  /** Basis points of 10,000; wei for TOKEN_CREATION. */
  readonly oldValue: string;
  readonly newValue: string;
  readonly txHash: string;
  readonly blockNumber: number;
  /** Seconds since the epoch. */
  readonly blockTime: number;
}

const NEWEST: SortOrder = { name: 'fee-changes', parts: ['int8', 'int8'] };

/** Newest first, by place on the chain. */
export async function listFeeChanges(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly filter?: { readonly kind?: FeeKind };
    readonly page: PageRequest;
  },
): Promise<Page<FeeChangeView>> {
  const { filter = {}, page } = input;
  const after = decodeCursor(NEWEST, page.after);
  const rows = await db
    .selectFrom('fee_changes')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .$if(filter.kind !== undefined, (q) => q.where('kind', '=', filter.kind ?? ''))
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(block_number, log_index) < (${after?.[0]}::bigint, ${after?.[1]}::bigint)`),
    )
    .orderBy('block_number', 'desc')
    .orderBy('log_index', 'desc')
    .limit(rowsToSelect(page))
    .execute();
  return toPage(
    rows,
    page,
    NEWEST,
    (row) => [row.block_number, row.log_index],
    (row) => ({
      id: logId(row),
      chainId: Number(row.chain_id),
      kind: row.kind as FeeKind,
      oldValue: row.old_value,
      newValue: row.new_value,
      txHash: row.tx_hash,
      blockNumber: Number(row.block_number),
      blockTime: Number(row.block_time),
    }),
  );
}
