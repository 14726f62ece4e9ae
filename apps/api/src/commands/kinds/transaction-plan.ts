import type { ContractCall } from '@abland/chain';

/** What a request comes down to on the chain. */
export interface TransactionPlan {
  readonly call: ContractCall;
  /** More than the call ever takes; what a relayed one may use at most. */
  readonly gasMax: bigint;
}
