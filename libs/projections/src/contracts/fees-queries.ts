import { type RawBuilder, type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { chainLogId } from '../read-model/chain-log-id.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { placeOrder, readPlacePage } from '../read-model/place-page.js';
import { contractSettings, feeChanges } from './tables.js';

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

interface FeesRow {
  swap_fee: string | null;
  protocol_fee: string | null;
  creation_fee: string | null;
  updated_block: string | null;
}

/** The fees that the chain's facts say; null as long as one of them was never said. */
export async function feesInForceNow(
  db: ReadModel,
  chainId: number,
  at?: At | null,
): Promise<FeesInForce | null> {
  const ofChain = (row: RawBuilder<unknown>) => sql`${row}.chain_id = ${chainId}::bigint`;
  // Each fee is of one contract.
  const [row] = await readAt<FeesRow>(
    db,
    { swaps: [contractSettings, feeChanges] },
    at,
    (tables) => sql`
      SELECT max(s.swap_fee) AS swap_fee, max(s.protocol_fee) AS protocol_fee, max(s.creation_fee) AS creation_fee,
        (SELECT max(f.block_number) FROM ${tables.rows(feeChanges, 'f', sql`true`, ofChain)}) AS updated_block
      FROM ${tables.rows(contractSettings, 's', sql`true`, ofChain)}`,
  );
  if (row === undefined) return null;
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

const NEWEST = placeOrder('fee-changes');

/** Newest first, by place on the chain. */
export async function listFeeChanges(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly filter?: { readonly kind?: FeeKind };
    readonly page: PageRequest;
  },
): Promise<Page<FeeChangeView>> {
  const { chainId, filter = {}, page } = input;
  return readPlacePage<Selectable<ReadModelDatabase['fee_changes']>, FeeChangeView>(db, NEWEST, {
    chainId,
    page,
    query: ({ older, limit }) => {
      const ofKind = filter.kind === undefined ? sql`true` : sql`kind = ${filter.kind}`;
      return sql`
        SELECT * FROM read_model.fee_changes WHERE chain_id = ${chainId}::bigint AND ${ofKind} AND ${older}
        ORDER BY block_number DESC, log_index DESC LIMIT ${limit}::int`;
    },
    nodeOf: (row) => ({
      id: chainLogId(row),
      chainId: Number(row.chain_id),
      kind: row.kind as FeeKind,
      oldValue: row.old_value,
      newValue: row.new_value,
      txHash: row.tx_hash,
      blockNumber: Number(row.block_number),
      blockTime: Number(row.block_time),
    }),
  });
}
