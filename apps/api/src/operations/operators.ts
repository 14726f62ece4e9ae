import { refusal } from '@abland/domain';

/** Checksummed addresses of who may do what only operators may. */
export type Operators = ReadonlySet<string>;

/** @throws DomainError NOT_AN_OPERATOR */
export function requireOperator(operators: Operators, caller: string): void {
  if (operators.has(caller)) return;
  throw refusal('NOT_AN_OPERATOR', 'Only an operator may do this');
}
