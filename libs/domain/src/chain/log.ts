import type { Address, Hash, HexData } from '../vocabulary/values.js';

/** A log as the chain gave it. */
export type ChainLog = {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: HexData;
};

/**
 * What every fact that a log stands for has beside its own fields. Nothing of a log is lost: where the fields, written back
 * by the contract's ABI, give its topics and data to the byte, they are not told twice; else the log is kept beside them.
 */
export type Logged = {
  /** The contract that emitted it. */
  readonly contract: Address;
  readonly log?: ChainLog;
};
