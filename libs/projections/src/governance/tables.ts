import { amount, int4, int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

/**
 * VOTING_DELAY and VOTING_PERIOD by the row's clock, PROPOSAL_THRESHOLD and VOTES_SUPPLY in base units of the votes token,
 * QUORUM_PERCENT, TIMELOCK_DELAY in seconds.
 */
export const governanceSettings = defineTable({
  name: 'governance_settings',
  origin: 'chain',
  columns: {
    chain_id: int8,
    kind: text,
    value: amount,
    /** BLOCKS or SECONDS; null for what no clock counts. */
    clock: nullable(text),
    block_number: int8,
    log_index: int4,
  },
  key: ['chain_id', 'kind'],
  indexes: [],
});

/** Every value that a setting ever had: a proposal's quorum is that of the moment whose votes count. */
export const governanceChanges = defineTable({
  name: 'governance_changes',
  origin: 'chain',
  columns: {
    chain_id: int8,
    block_number: int8,
    log_index: int4,
    kind: text,
    value: amount,
    clock: nullable(text),
    tx_hash: text,
    block_time: int8,
  },
  key: ['chain_id', 'block_number', 'log_index'],
  indexes: [{ name: 'governance_changes_by_kind', on: '(chain_id, kind, block_number, log_index)' }],
});

/** What a proposal's state follows from; the state itself also depends on the chain's head and is reckoned by the query. */
export const proposals = defineTable({
  name: 'proposals',
  origin: 'chain',
  columns: {
    chain_id: int8,
    /** An unsigned integer of 256 bits as decimal text. */
    proposal_id: text,
    proposer: text,
    /** Of strangers' making. */
    description: text,
    description_hash: text,
    /** A list of `{ target, value, signature, calldata }`. */
    actions: json,
    /** What the next two count: BLOCKS, or SECONDS since the epoch. */
    clock: text,
    /** The moment whose votes count; voting begins with the next one. */
    voting_starts: int8,
    /** The last moment with voting. */
    voting_ends: int8,
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
  key: ['chain_id', 'proposal_id'],
  indexes: [
    { name: 'proposals_by_block', on: '(chain_id, block_number, log_index)' },
    { name: 'proposals_by_proposer', on: '(chain_id, proposer, block_number, log_index)' },
  ],
});

export const proposalVotes = defineTable({
  name: 'proposal_votes',
  origin: 'chain',
  columns: {
    chain_id: int8,
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
  key: ['chain_id', 'proposal_id', 'voter'],
  indexes: [
    { name: 'proposal_votes_by_block', on: '(chain_id, proposal_id, block_number, log_index)' },
    { name: 'proposal_votes_by_voter', on: '(chain_id, voter, block_number, log_index)' },
  ],
});

/** Which proposal an operation of the timelock carries out. */
export const proposalOperations = defineTable({
  name: 'proposal_operations',
  origin: 'chain',
  columns: { chain_id: int8, operation_id: text, proposal_id: text },
  key: ['chain_id', 'operation_id'],
  indexes: [],
});

export const votingPowers = defineTable({
  name: 'voting_powers',
  origin: 'chain',
  columns: {
    chain_id: int8,
    account: text,
    /** Base units of the votes token that were delegated to the account, by itself too. */
    votes: amount,
    /** Whom the account's own balance votes through; null: nobody. */
    delegate: nullable(text),
    updated_block: int8,
  },
  key: ['chain_id', 'account'],
  indexes: [{ name: 'voting_powers_by_votes', on: '(chain_id, votes, account)' }],
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
