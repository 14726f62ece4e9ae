import type { ContractCall } from '@abland/chain';

/** What a request comes down to on the chain: approvals that must stand before, then one call. */
export interface TransactionPlan {
  readonly approvals: readonly ContractCall[];
  readonly call: ContractCall;
  /** More than the call ever takes; what a relayed one may use at most. */
  readonly gasMax: bigint;
}
