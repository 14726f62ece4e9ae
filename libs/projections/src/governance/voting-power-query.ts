import type { ReadModel } from '../read-model/database.js';

export interface VotingPower {
  readonly account: string;
  /** Base units of the votes token that were delegated to the account, by itself too. */
  readonly votes: string;
  /** Whom the account's own balance votes through; null: nobody, so that it counts for nothing. */
  readonly delegate: string | null;
  /** Null where it never had votes and never delegated. */
  readonly updatedBlock: number | null;
}

/** The votes that an account has now. */
export async function votingPowerOf(db: ReadModel, account: string): Promise<VotingPower> {
  const row = await db
    .selectFrom('voting_powers')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst();
  if (row === undefined) return { account, votes: '0', delegate: null, updatedBlock: null };
  return { account, votes: row.votes, delegate: row.delegate, updatedBlock: Number(row.updated_block) };
}
