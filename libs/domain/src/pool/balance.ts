import { refusal } from '../vocabulary/errors.js';

/**
 * @param balance null where it is not known: then the chain decides.
 * @throws DomainError INSUFFICIENT_BALANCE
 */
export function assertCovered(amount: bigint, balance: bigint | null, field: string): void {
  if (balance !== null && amount > balance) {
    throw refusal('INSUFFICIENT_BALANCE', `The balance is ${balance}, ${amount} is needed`, field, {
      balance: balance.toString(),
      needed: amount.toString(),
    });
  }
}
