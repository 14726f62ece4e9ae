import { refusal } from '../vocabulary/errors.js';

/** What a requester has, in base units or of liquidity. */
export interface KnownBalance {
  readonly total: bigint;
  /** What of it other requests take that are on their way to the chain. */
  readonly committed: bigint;
}

/**
 * @param balance null where it is not known: then the chain decides.
 * @throws DomainError INSUFFICIENT_BALANCE
 */
export function assertCovered(amount: bigint, balance: KnownBalance | null, field: string): void {
  if (balance === null) return;
  const { total, committed } = balance;
  if (amount + committed <= total) return;
  const elsewhere = committed === 0n ? '' : ` beside ${committed} in requests on their way`;
  throw refusal('INSUFFICIENT_BALANCE', `The balance is ${total}, ${amount} is needed${elsewhere}`, field, {
    balance: total.toString(),
    committed: committed.toString(),
    needed: amount.toString(),
  });
}
