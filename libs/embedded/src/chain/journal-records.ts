import type { ContractAddresses } from '@abland/contracts';
import type { EvmConfig } from './evm.js';

export const JOURNAL_FORMAT = 1;

/** First record of a journal. */
export interface JournalHeader {
  readonly kind: 'header';
  readonly format: number;
  /** Version of the EVM that wrote it, for the message when a replay differs. */
  readonly evm: string;
  readonly config: EvmConfig;
}

interface OnTopOf {
  /** Hash of the newest block before this record was executed: what a replay must have reached. */
  readonly parent: string;
}

/** Transactions that the pool took, then one block. */
export interface BlockRecord extends OnTopOf {
  readonly kind: 'block';
  /** Seconds since the epoch. */
  readonly time: number;
  /** Raw transactions in the order in which the pool took them. */
  readonly transactions: readonly string[];
}
export interface SnapshotRecord extends OnTopOf {
  readonly kind: 'snapshot';
}
export interface RevertRecord extends OnTopOf {
  readonly kind: 'revert';
  readonly snapshot: string;
}
/** The chain's clock goes this many seconds ahead of the wall clock. */
export interface ClockRecord extends OnTopOf {
  readonly kind: 'clock';
  readonly offsetSeconds: number;
}
/** The contracts are deployed; before this record the journal is an unfinished first start. */
export interface DeploymentRecord extends OnTopOf {
  readonly kind: 'deployment';
  readonly contracts: ContractAddresses;
}

export type ChainRecord = BlockRecord | SnapshotRecord | RevertRecord | ClockRecord | DeploymentRecord;
export type JournalRecord = JournalHeader | ChainRecord;
