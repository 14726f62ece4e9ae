import type { ContractCall } from '@abland/chain';

/** What the liquidity manager takes from whoever calls it. */
export interface Spending {
  readonly token: string;
  /** Base units, at most. */
  readonly amount: bigint;
}

/** What a request comes down to on the chain. */
export interface TransactionPlan {
  /** What the call lets the liquidity manager take from its caller. */
  readonly spends: readonly Spending[];
  readonly call: ContractCall;
  /** More than the call ever takes; what a relayed one may use at most. */
  readonly gasMax: bigint;
}
