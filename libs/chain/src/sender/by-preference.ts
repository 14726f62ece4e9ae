import { createHash } from 'node:crypto';
import type { Address } from '@abland/domain';

/**
 * Senders in the order in which a signer's requests are given to them: always the same for a signer, whatever the order in which
 * they are named, and spread over many signers. Where one is added or removed, the order of the others stays.
 */
export function byPreference<Sender extends { readonly relayer: Address }>(
  signer: Address,
  senders: readonly Sender[],
): readonly Sender[] {
  const rank = ({ relayer }: Sender): string =>
    createHash('sha256').update(`${signer}/${relayer}`.toLowerCase()).digest('hex');
  return senders
    .map((sender) => ({ sender, rank: rank(sender) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ sender }) => sender);
}
