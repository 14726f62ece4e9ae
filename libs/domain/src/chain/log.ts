import type { Address, Hash, HexData } from '../values.js';

/** The log as the chain gave it, kept so that another decoding needs no new sync. */
export type ChainLog = {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: HexData;
};

export type Logged = {
  readonly log: ChainLog;
};
