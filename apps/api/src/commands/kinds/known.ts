import { type KnownBalance, refusal } from '@abland/domain';
import { balanceOf } from '@abland/projections';
import { underway } from '../open/committed.js';
import { spentOf } from '../open/spending.js';
import type { CommandReads } from './command-reads.js';
import type { Asking, KindPorts } from './kind.js';

/** @throws DomainError UNKNOWN_TOKEN */
export async function assertTokenKnown(reads: CommandReads, address: string, field: string): Promise<void> {
  if ((await reads.token(address)) === null) {
    throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  }
}

/**
 * Base units of a token that the caller holds, and what of them requests on their way to the chain take; null for a token
 * that the factory did not make: nothing tells of its transfers.
 */
export async function callersBalance(
  { readModel }: Pick<KindPorts, 'readModel'>,
  { chain: { chainId }, caller: holder, reads }: Asking,
  token: string,
): Promise<KnownBalance | null> {
  const requests = underway(await reads.openRequests());
  const [known, total, committed] = await Promise.all([
    reads.token(token),
    balanceOf(readModel, { chainId, token, holder }),
    spentOf(readModel, requests, token),
  ]);
  return known === null ? null : { total, committed };
}
