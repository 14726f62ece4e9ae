import type { ReadModel } from '../read-model/database.js';

export interface VotingPower {
  readonly chainId: number;
  readonly account: string;
  /** Base units of the votes token that were delegated to the account, by itself too. */
  readonly votes: string;
  /** Whom the account's own balance votes through; null: nobody, so that it counts for nothing. */
  readonly delegate: string | null;
  /** Null where it never had votes and never delegated. */
  readonly updatedBlock: number | null;
}

/** The votes that an account has now. */
export async function votingPowerOf(
  db: ReadModel,
  input: { readonly chainId: number; readonly account: string },
): Promise<VotingPower> {
  const { chainId, account } = input;
  const row = await db
    .selectFrom('voting_powers')
    .selectAll()
    .where('chain_id', '=', String(chainId))
    .where('account', '=', account)
    .executeTakeFirst();
  if (row === undefined) return { chainId, account, votes: '0', delegate: null, updatedBlock: null };
  const { votes, delegate, updated_block } = row;
  return { chainId, account, votes, delegate, updatedBlock: Number(updated_block) };
}
