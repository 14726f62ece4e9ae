import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { CursorExpiredError } from '../read-model/errors.js';
import { type Page, type PageRequest, rowsToSelect, toPage } from '../read-model/page.js';
import {
  blockHashOf,
  placeKey,
  placeOrder,
  seenPlace,
  stillThere,
  type WithBlockHash,
} from '../read-model/place-page.js';

export type VoteSupport = 'FOR' | 'AGAINST' | 'ABSTAIN';

export interface VoteView {
  readonly chainId: number;
  readonly proposalId: string;
  readonly voter: string;
  readonly support: VoteSupport;
  /** Base units of the votes token. */
  readonly weight: string;
  readonly reason: string;
  readonly txHash: string;
  readonly blockNumber: number;
  readonly blockTime: number;
}

interface VoteRow extends WithBlockHash {
  chain_id: string;
  proposal_id: string;
  voter: string;
  support: VoteSupport;
  weight: string;
  reason: string;
  tx_hash: string;
  block_number: string;
  block_time: string;
  log_index: number;
}

const OLDEST = placeOrder('proposal-votes');

/**
 * The same page of the votes of each proposal, in the order in which they were cast; one query for all.
 * @throws CursorExpiredError where a reorg took back the vote that the cursor names
 */
export async function votesOfProposals(
  db: ReadModel,
  input: { readonly chainId: number; readonly proposalIds: readonly string[]; readonly page: PageRequest },
): Promise<ReadonlyMap<string, Page<VoteView>>> {
  const { chainId, proposalIds, page } = input;
  const seen = seenPlace(OLDEST, page.after);
  const beyond =
    seen === null
      ? sql`true`
      : sql`(v.block_number, v.log_index) > (${seen.blockNumber}::bigint, ${seen.logIndex}::bigint)`;
  const { rows } = await sql<VoteRow & { kept: boolean; listed: true | null }>`
    SELECT state.kept, listed.* FROM (${stillThere(chainId, seen)}) state
    LEFT JOIN LATERAL (
      SELECT true AS listed, ${blockHashOf('found')} AS block_hash, found.*
      FROM unnest(${[...proposalIds]}::text[]) AS wanted(proposal_id)
      CROSS JOIN LATERAL (
        SELECT v.* FROM read_model.proposal_votes v
        WHERE v.chain_id = ${chainId}::bigint AND v.proposal_id = wanted.proposal_id COLLATE "C" AND ${beyond}
        ORDER BY v.block_number, v.log_index LIMIT ${rowsToSelect(page)}
      ) found
    ) listed ON state.kept
    ORDER BY listed.proposal_id, listed.block_number, listed.log_index
  `.execute(db);
  if (rows[0]?.kept !== true) throw new CursorExpiredError(page.after ?? '');
  const found = rows.filter(({ listed }) => listed === true);
  const byProposal = Map.groupBy(found, (row) => row.proposal_id);
  return new Map(
    proposalIds.map((id) => [id, toPage(byProposal.get(id) ?? [], page, OLDEST, placeKey, voteView)]),
  );
}

export interface VoteMismatch {
  readonly chainId: number;
  readonly proposalId: string;
  /** As the proposal's row sums them up, and as the votes add up: for, against, abstaining, how many. */
  readonly summed: readonly string[];
  readonly counted: readonly string[];
}

/** Proposals of all chains whose sums are not those of their votes; there must be none. */
export async function voteMismatches(db: ReadModel): Promise<readonly VoteMismatch[]> {
  const { rows } = await sql<Omit<VoteMismatch, 'chainId'> & { chain_id: string }>`
    SELECT p.chain_id, p.proposal_id AS "proposalId", s.summed, c.counted
    FROM read_model.proposals p
    CROSS JOIN LATERAL (
      SELECT ARRAY[p.for_votes, p.against_votes, p.abstain_votes, p.vote_count::numeric]::text[] AS summed
    ) s
    CROSS JOIN LATERAL (
      SELECT ARRAY[
        coalesce(sum(v.weight) FILTER (WHERE v.support = 'FOR'), 0),
        coalesce(sum(v.weight) FILTER (WHERE v.support = 'AGAINST'), 0),
        coalesce(sum(v.weight) FILTER (WHERE v.support = 'ABSTAIN'), 0),
        count(*)
      ]::text[] AS counted
      FROM read_model.proposal_votes v WHERE v.chain_id = p.chain_id AND v.proposal_id = p.proposal_id
    ) c
    WHERE s.summed <> c.counted
    ORDER BY p.chain_id, p.proposal_id
  `.execute(db);
  return rows.map(({ chain_id, ...figures }) => ({ chainId: Number(chain_id), ...figures }));
}

const voteView = (row: VoteRow): VoteView => ({
  chainId: Number(row.chain_id),
  proposalId: row.proposal_id,
  voter: row.voter,
  support: row.support,
  weight: row.weight,
  reason: row.reason,
  txHash: row.tx_hash,
  blockNumber: Number(row.block_number),
  blockTime: Number(row.block_time),
});
