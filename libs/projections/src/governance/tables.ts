import { amount, int4, int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/**
 * VOTING_DELAY and VOTING_PERIOD in blocks, PROPOSAL_THRESHOLD and VOTES_SUPPLY in base units of the votes token,
 * QUORUM_PERCENT, TIMELOCK_DELAY in seconds.
 */
export const governanceSettings = defineTable({
  name: 'governance_settings',
  origin: 'chain',
  columns: { kind: text, value: amount, block_number: int8, log_index: int4 },
  key: ['kind'],
  indexes: [],
});

/** Every value that a setting ever had: a proposal's quorum is that of the block at which its voting starts. */
export const governanceChanges = defineTable({
  name: 'governance_changes',
  origin: 'chain',
  columns: {
    block_number: int8,
    log_index: int4,
    kind: text,
    value: amount,
    tx_hash: text,
    block_time: int8,
  },
  key: ['block_number', 'log_index'],
  indexes: [{ name: 'governance_changes_by_kind', on: '(kind, block_number, log_index)' }],
});

/** What a proposal's state follows from; the state itself also depends on the chain's head and is reckoned by the query. */
export const proposals = defineTable({
  name: 'proposals',
  origin: 'chain',
  columns: {
    /** An unsigned integer of 256 bits as decimal text. */
    proposal_id: text,
    proposer: text,
    /** Of strangers' making. */
    description: text,
    description_hash: text,
    /** A list of `{ target, value, signature, calldata }`. */
    actions: json,
    /** The block whose votes count; voting begins with the next one. */
    vote_start: int8,
    /** The last block with voting. */
    vote_end: int8,
    for_votes: amount,
    against_votes: amount,
    abstain_votes: amount,
    vote_count: int8,
    /** Seconds since the epoch; null until it is queued. */
    eta: nullable(int8),
    /** What became of it in the timelock: EXECUTED or CANCELED; null while nothing did. */
    operation_end: nullable(text),
    queued_tx: nullable(text),
    executed_tx: nullable(text),
    canceled_tx: nullable(text),
    tx_hash: text,
    block_number: int8,
    block_time: int8,
    log_index: int4,
    /** The newest block that changed this row. */
    updated_block: int8,
  },
  key: ['proposal_id'],
  indexes: [
    { name: 'proposals_by_block', on: '(block_number, log_index)' },
    { name: 'proposals_by_proposer', on: '(proposer, block_number, log_index)' },
  ],
});

export const proposalVotes = defineTable({
  name: 'proposal_votes',
  origin: 'chain',
  columns: {
    proposal_id: text,
    voter: text,
    /** FOR, AGAINST or ABSTAIN. */
    support: text,
    weight: amount,
    /** Of strangers' making. */
    reason: text,
    tx_hash: text,
    block_number: int8,
    block_time: int8,
    log_index: int4,
  },
  key: ['proposal_id', 'voter'],
  indexes: [
    { name: 'proposal_votes_by_block', on: '(proposal_id, block_number, log_index)' },
    { name: 'proposal_votes_by_voter', on: '(voter, block_number, log_index)' },
  ],
});

/** Which proposal an operation of the timelock carries out. */
export const proposalOperations = defineTable({
  name: 'proposal_operations',
  origin: 'chain',
  columns: { operation_id: text, proposal_id: text },
  key: ['operation_id'],
  indexes: [],
});

export const votingPowers = defineTable({
  name: 'voting_powers',
  origin: 'chain',
  columns: {
    account: text,
    /** Base units of the votes token that were delegated to the account, by itself too. */
    votes: amount,
    /** Whom the account's own balance votes through; null: nobody. */
    delegate: nullable(text),
    updated_block: int8,
  },
  key: ['account'],
  indexes: [{ name: 'voting_powers_by_votes', on: '(votes, account)' }],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    governance_settings: SelectedRowOf<typeof governanceSettings>;
    governance_changes: SelectedRowOf<typeof governanceChanges>;
    proposals: SelectedRowOf<typeof proposals>;
    proposal_votes: SelectedRowOf<typeof proposalVotes>;
    proposal_operations: SelectedRowOf<typeof proposalOperations>;
    voting_powers: SelectedRowOf<typeof votingPowers>;
  }
}
