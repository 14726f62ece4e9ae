import type { TokenSilence } from '@abland/domain';
import { type Selectable, sql } from 'kysely';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';

/** A token that the factory did not make, as it describes itself: texts of strangers, which show everything that they are. */
export interface ForeignTokenView {
  readonly chainId: number;
  readonly address: string;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  /** Why what is null is; null of what is told. */
  readonly missing: Readonly<Record<'name' | 'symbol' | 'decimals', TokenSilence | null>>;
  /** Whether it was asked as of a later state than that of the block. */
  readonly askedLater: boolean;
  /** The newest block that describes it. */
  readonly updatedBlock: number;
}

/** In no particular order; addresses that nothing is told of are left out. */
export async function foreignTokensByAddresses(
  db: ReadModel,
  input: { readonly chainId: number; readonly addresses: readonly string[] },
): Promise<readonly ForeignTokenView[]> {
  const rows = await db
    .selectFrom('foreign_tokens')
    .selectAll()
    .where('chain_id', '=', String(input.chainId))
    .where('address', '=', sql<string>`ANY(${input.addresses})`)
    .execute();
  return rows.map(viewOf);
}

function viewOf(row: Selectable<ReadModelDatabase['foreign_tokens']>): ForeignTokenView {
  return {
    chainId: Number(row.chain_id),
    address: row.address,
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals,
    missing: {
      name: row.name_missing as TokenSilence | null,
      symbol: row.symbol_missing as TokenSilence | null,
      decimals: row.decimals_missing as TokenSilence | null,
    },
    askedLater: row.state === 'NEWEST',
    updatedBlock: Number(row.updated_block),
  };
}
