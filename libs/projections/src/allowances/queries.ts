import type { ReadModel } from '../read-model/database.js';

/**
 * Base units of a token that its holder lets the liquidity manager take; 2^256 - 1 is without a limit. Null for a token that the
 * factory did not make: nothing tells of its approvals.
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
  const row = await db
    .selectFrom('tokens as token')
    .leftJoin('allowances as allowance', (join) =>
      join
        .onRef('allowance.chain_id', '=', 'token.chain_id')
        .onRef('allowance.token', '=', 'token.address')
        .on('allowance.owner', '=', input.owner)
        .on('allowance.spender', '=', input.spender),
    )
    .select('allowance.amount')
    .where('token.chain_id', '=', String(input.chainId))
    .where('token.address', '=', input.token)
    .executeTakeFirst();
  return row === undefined ? null : BigInt(row.amount ?? '0');
}
