import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { allowancesProjection } from './projection.js';

/**
 * Base units of a token that its holder lets the liquidity manager take; 2^256 - 1 is without a limit. Null where it is not known:
 * of a token that the factory did not make nothing tells of approvals, and while this read model is built anew it has not seen all
 * of those that the others have.
 */
export async function allowanceOf(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly token: string;
    readonly owner: string;
    readonly spender: string;
  },
): Promise<bigint | null> {
  const { rows } = await sql<{ amount: string | null }>`
    SELECT a.amount FROM read_model.tokens t
    LEFT JOIN read_model.allowances a ON a.chain_id = t.chain_id AND a.token = t.address
      AND a.owner = ${input.owner} AND a.spender = ${input.spender}
    WHERE t.chain_id = ${input.chainId}::bigint AND t.address = ${input.token}
      AND (SELECT bool_and(coalesce(position, 0) = newest) FROM (
        SELECT projection, position, max(coalesce(position, 0)) OVER () AS newest FROM projections.builds WHERE state = 'LIVE'
      ) read WHERE projection = ${allowancesProjection.name})
  `.execute(db);
  const [row] = rows;
  return row === undefined ? null : BigInt(row.amount ?? '0');
}
