import { refusal } from '@abland/domain';
import { balanceOf, type ReadModel, tokenByAddress } from '@abland/projections';
import type { Asking } from './kind.js';

/** @throws DomainError UNKNOWN_TOKEN */
export async function assertTokenKnown(
  readModel: ReadModel,
  chainId: number,
  address: string,
  field: string,
): Promise<void> {
  if ((await tokenByAddress(readModel, { chainId, address })) === null) {
    throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  }
}

/** Base units of a token that the caller holds; null for a token that the factory did not make: nothing tells of its transfers. */
export async function callersBalance(
  readModel: ReadModel,
  { chain: { chainId }, caller: holder }: Asking,
  token: string,
): Promise<bigint | null> {
  const [known, balance] = await Promise.all([
    tokenByAddress(readModel, { chainId, address: token }),
    balanceOf(readModel, { chainId, token, holder }),
  ]);
  return known === null ? null : balance;
}
