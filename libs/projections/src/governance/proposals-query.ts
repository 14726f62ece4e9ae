import type { GovernanceClock } from '@abland/domain';
import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { chainHeads } from '../chain-head/tables.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { Tables } from '../read-model/tables.js';
import { settingAtVote } from './settings-query.js';
import { governanceChanges, proposals } from './tables.js';

/** The Governor's states. None expires with the timelock that ours uses. */
export type ProposalState =
  'PENDING' | 'ACTIVE' | 'CANCELED' | 'DEFEATED' | 'SUCCEEDED' | 'QUEUED' | 'EXPIRED' | 'EXECUTED';

export interface ProposalAction {
  readonly target: string;
  /** Wei. */
  readonly value: string;
  readonly signature: string;
  readonly calldata: string;
}

export interface ProposalView {
  readonly chainId: number;
  readonly id: string;
  readonly proposer: string;
  readonly description: string;
  readonly descriptionHash: string;
  readonly actions: readonly ProposalAction[];
  /** Null where the settings of governance are not known, so that nobody can say whether enough have voted. */
  readonly state: ProposalState | null;
  /** Base units of votes for and abstaining that it needs; provisional until its voting starts. */
  readonly quorum: string | null;
  /** What the next two count. */
  readonly clock: GovernanceClock;
  /** The moment whose votes count; voting begins with the next one. */
  readonly votingStarts: number;
  /** The last moment with voting. */
  readonly votingEnds: number;
  readonly forVotes: string;
  readonly againstVotes: string;
  readonly abstainVotes: string;
  readonly voteCount: number;
  /** Seconds since the epoch; null until it is queued. */
  readonly eta: number | null;
  readonly queuedTxHash: string | null;
  readonly executedTxHash: string | null;
  readonly canceledTxHash: string | null;
  readonly txHash: string;
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly updatedBlock: number;
}

export interface ProposalFilter {
  readonly state?: ProposalState;
  readonly proposer?: string;
}

interface ProposalRow {
  chain_id: string;
  proposal_id: string;
  proposer: string;
  description: string;
  description_hash: string;
  actions: readonly ProposalAction[];
  state: ProposalState | null;
  quorum: string | null;
  clock: GovernanceClock;
  voting_starts: string;
  voting_ends: string;
  for_votes: string;
  against_votes: string;
  abstain_votes: string;
  vote_count: string;
  eta: string | null;
  queued_tx: string | null;
  executed_tx: string | null;
  canceled_tx: string | null;
  tx_hash: string;
  block_number: string;
  block_time: string;
  log_index: number;
  updated_block: string;
}

/** As GovernorVotesQuorumFraction.quorum: of the supply at the moment whose votes count, cut. */
const quorum = (tables: Tables): RawBuilder<unknown> =>
  sql`div(${settingAtVote('VOTES_SUPPLY', tables)} * ${settingAtVote('QUORUM_PERCENT', tables)}, 100)`;

/** The proposal's clock at the chain's head. */
const NOW = sql`CASE p.clock WHEN 'BLOCKS' THEN h.number ELSE h.time END`;

/**
 * Governor.state and GovernorTimelockControl.state at the chain's head, line by line. Below DEFEATED the
 * quorum must be known: without it there is no answer.
 */
const STATE = sql`CASE
  WHEN p.executed_tx IS NOT NULL THEN 'EXECUTED'
  WHEN p.canceled_tx IS NOT NULL THEN 'CANCELED'
  WHEN p.voting_starts >= ${NOW} THEN 'PENDING'
  WHEN p.voting_ends >= ${NOW} THEN 'ACTIVE'
  WHEN p.for_votes <= p.against_votes THEN 'DEFEATED'
  WHEN q.quorum IS NULL THEN NULL
  WHEN q.quorum > p.for_votes + p.abstain_votes THEN 'DEFEATED'
  WHEN p.eta IS NULL THEN 'SUCCEEDED'
  ELSE coalesce(p.operation_end, 'QUEUED') END`;

/** A chain without a block has no proposal either. */
const proposalsWhere = (tables: Tables, where: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (SELECT p.*, q.quorum, ${STATE} AS state
   FROM ${tables.rows(proposals, 'p', where)}
   JOIN ${tables.row(chainHeads, 'h', { chain_id: sql`p.chain_id` })} ON true
   CROSS JOIN LATERAL (SELECT ${quorum(tables)} AS quorum) q)`;

const NEWEST: StateList = {
  name: 'proposals',
  parts: ['int8', 'int8'],
  reads: { 'chain-head': [chainHeads], governance: [proposals, governanceChanges] },
};

/** Newest first, by place on the chain. */
export async function listProposals(
  db: ReadModel,
  input: { readonly chainId: number; readonly filter?: ProposalFilter; readonly page: PageRequest },
): Promise<Page<ProposalView>> {
  const { chainId, filter = {}, page } = input;
  return readStatePage<ProposalRow, ProposalView>(db, NEWEST, {
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const older =
        after === null
          ? sql`true`
          : sql`(p.block_number, p.log_index) < (${after[0]}::bigint, ${after[1]}::bigint)`;
      const by = filter.proposer === undefined ? sql`true` : sql`p.proposer = ${filter.proposer}`;
      const inState = filter.state === undefined ? sql`true` : sql`x.state = ${filter.state}`;
      const where = sql`p.chain_id = ${chainId}::bigint AND ${older} AND ${by}`;
      return sql`
        SELECT x.* FROM ${proposalsWhere(tables, where)} x WHERE ${inState}
        ORDER BY x.block_number DESC, x.log_index DESC LIMIT ${limit}::int`;
    },
    keyOf: (row) => [row.block_number, row.log_index],
    nodeOf: proposalView,
  });
}

/** Null where there is no such proposal. */
export async function proposalById(
  db: ReadModel,
  input: { readonly chainId: number; readonly id: string },
): Promise<ProposalView | null> {
  const { rows } = await sql<ProposalRow>`
    SELECT x.* FROM ${proposalsWhere(
      new Tables(NEWEST.reads, null),
      sql`p.chain_id = ${input.chainId}::bigint AND p.proposal_id = ${input.id}`,
    )} x
  `.execute(db);
  const [row] = rows;
  return row === undefined ? null : proposalView(row);
}

function proposalView(row: ProposalRow): ProposalView {
  return {
    chainId: Number(row.chain_id),
    id: row.proposal_id,
    proposer: row.proposer,
    description: row.description,
    descriptionHash: row.description_hash,
    actions: row.actions,
    state: row.state,
    quorum: row.quorum,
    clock: row.clock,
    votingStarts: Number(row.voting_starts),
    votingEnds: Number(row.voting_ends),
    forVotes: row.for_votes,
    againstVotes: row.against_votes,
    abstainVotes: row.abstain_votes,
    voteCount: Number(row.vote_count),
    eta: row.eta === null ? null : Number(row.eta),
    queuedTxHash: row.queued_tx,
    executedTxHash: row.executed_tx,
    canceledTxHash: row.canceled_tx,
    txHash: row.tx_hash,
    blockNumber: Number(row.block_number),
    blockTime: Number(row.block_time),
    updatedBlock: Number(row.updated_block),
  };
}
