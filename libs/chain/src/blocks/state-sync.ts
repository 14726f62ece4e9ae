import { type Hash, ZERO_ADDRESS } from '@abland/domain';
import type { Header, Transaction } from './answers.js';
import { keccakHash } from './keccak.js';

const KEY = Buffer.from('matic-bor-receipt-');
const NUMBER_BYTES = 8;

/**
 * The hash of the transaction by which Polygon's validators bring what happened on Ethereum into a block (until PIP-74). Nodes list it
 * with the block's own, and its receipt and logs too, but no root and no bloom filter of the header covers them.
 * Source: bor, `BorReceiptKey` and `GetDerivedBorTxHash`.
 */
export function stateSyncHash({ hash, number }: Pick<Header, 'hash' | 'number'>): Hash {
  const position = Buffer.alloc(NUMBER_BYTES);
  position.writeBigUInt64BE(BigInt(number));
  return keccakHash(Buffer.concat([KEY, position, Buffer.from(hash.slice(2), 'hex')]));
}

/** Takes it out of what a node lists as a block's transactions: it is the last, of nobody and to nobody. */
export function withoutStateSync(
  header: Pick<Header, 'hash' | 'number'>,
  listed: readonly Transaction[],
): { readonly transactions: readonly Transaction[]; readonly stateSync: Hash | null } {
  const last = listed.at(-1);
  const isOfNobody = last?.from === ZERO_ADDRESS && last.to === ZERO_ADDRESS;
  if (!isOfNobody || last.hash !== stateSyncHash(header)) return { transactions: listed, stateSync: null };
  return { transactions: listed.slice(0, -1), stateSync: last.hash };
}
