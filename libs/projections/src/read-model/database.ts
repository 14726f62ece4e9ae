import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import type { candles } from '../candles/tables.js';
import type { blocks, chainFinality, chainHeads } from '../chain-head/tables.js';
import type { commandRelays, commands } from '../commands/tables.js';
import type { SelectedRowOf } from '../engine/table.js';
import type { feeChanges, feesInForce } from '../fees/tables.js';
import type { forwarderNonces } from '../forwarder/tables.js';
import type {
  governanceChanges,
  governanceSettings,
  proposalOperations,
  proposals,
  proposalVotes,
  votingPowers,
} from '../governance/tables.js';
import type { holdings, tokenSupplies } from '../holdings/tables.js';
import type { orders } from '../orders/tables.js';
import type { poolRequests, pools } from '../pools/tables.js';
import type { liquidityChanges, liquidityPositions } from '../positions/tables.js';
import type { swaps } from '../swaps/tables.js';
import type { chainTokens, tokenRequests } from '../tokens/tables.js';
import type { chainTransactions } from '../transactions/tables.js';
import type { users } from '../users/tables.js';

/** The tables of schema `read_model` that queries read. */
export interface ReadModelDatabase {
  blocks: SelectedRowOf<typeof blocks>;
  candles: SelectedRowOf<typeof candles>;
  chain_finality: SelectedRowOf<typeof chainFinality>;
  chain_heads: SelectedRowOf<typeof chainHeads>;
  chain_tokens: SelectedRowOf<typeof chainTokens>;
  chain_transactions: SelectedRowOf<typeof chainTransactions>;
  command_relays: SelectedRowOf<typeof commandRelays>;
  commands: SelectedRowOf<typeof commands>;
  fee_changes: SelectedRowOf<typeof feeChanges>;
  fees_in_force: SelectedRowOf<typeof feesInForce>;
  forwarder_nonces: SelectedRowOf<typeof forwarderNonces>;
  governance_changes: SelectedRowOf<typeof governanceChanges>;
  governance_settings: SelectedRowOf<typeof governanceSettings>;
  holdings: SelectedRowOf<typeof holdings>;
  liquidity_changes: SelectedRowOf<typeof liquidityChanges>;
  liquidity_positions: SelectedRowOf<typeof liquidityPositions>;
  orders: SelectedRowOf<typeof orders>;
  pool_requests: SelectedRowOf<typeof poolRequests>;
  pools: SelectedRowOf<typeof pools>;
  proposal_operations: SelectedRowOf<typeof proposalOperations>;
  proposal_votes: SelectedRowOf<typeof proposalVotes>;
  proposals: SelectedRowOf<typeof proposals>;
  swaps: SelectedRowOf<typeof swaps>;
  token_requests: SelectedRowOf<typeof tokenRequests>;
  token_supplies: SelectedRowOf<typeof tokenSupplies>;
  users: SelectedRowOf<typeof users>;
  voting_powers: SelectedRowOf<typeof votingPowers>;
}

/** What every query function reads through. */
export type ReadModel = Kysely<ReadModelDatabase>;

/** Queries over a pool of the caller's, which stays the caller's to end. */
export function createReadModel(pool: Pool): ReadModel {
  return new Kysely<ReadModelDatabase>({ dialect: new PostgresDialect({ pool }) }).withSchema('read_model');
}
