import { type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import type { At } from '../read-model/past-state.js';
import { swaps } from './tables.js';

export interface SwapPlace {
  readonly blockNumber: number;
  readonly logIndex: number;
}

export interface FeesOfSwap extends SwapPlace {
  readonly txHash: string;
  /** Seconds since the epoch: with the transaction it tells a swap from another branch's at the same place. */
  readonly blockTime: number;
  /** The whole swap fee and the protocol's part of it, base units of tokenIn. */
  readonly fee: string;
  readonly protocolFee: string;
}

/**
 * What the swaps at places of a chain paid, in no particular order; places without one are left out.
 * @throws AsOfError AS_OF_NOT_KEPT
 */
export async function feesOfSwaps(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly places: readonly SwapPlace[];
    readonly at?: At | null | undefined;
  },
): Promise<readonly FeesOfSwap[]> {
  const { at, chainId, places } = input;
  const key = {
    chain_id: sql`${chainId}::bigint`,
    block_number: sql`asked.block_number`,
    log_index: sql`asked.log_index`,
  };
  const rows = await readAt<Selectable<ReadModelDatabase['swaps']>>(
    db,
    { swaps: [swaps] },
    at,
    (tables) => sql`
      SELECT s.* FROM unnest(
        ${places.map(({ blockNumber }) => blockNumber)}::bigint[], ${places.map(({ logIndex }) => logIndex)}::int[]
      ) AS asked(block_number, log_index) JOIN ${tables.row(swaps, 's', key)} ON true`,
  );
  return rows.map((row) => ({
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    txHash: row.tx_hash,
    blockTime: Number(row.block_time),
    fee: row.fee,
    protocolFee: row.protocol_fee,
  }));
}
