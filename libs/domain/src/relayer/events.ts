import type { DomainEvent } from '@abland/kernel';
import type { Address, ChainId, Count, Hash, HexData, Uuid } from '../vocabulary/values.js';

/**
 * A transaction of our sender, signed and recorded before it is broadcast, so that a crash after recording only broadcasts
 * the same again. It may take the place of an earlier one of the same nonce and command.
 */
export type RelayerTransactionSigned = DomainEvent<
  'RelayerTransactionSigned',
  {
    readonly chainId: ChainId;
    readonly relayer: Address;
    readonly nonce: Count;
    readonly commandId: Uuid;
    readonly txHash: Hash;
    readonly rawTransaction: HexData;
    /** The transaction in whose place it is sent; null for the first of its nonce. */
    readonly replaces: Hash | null;
  }
>;
export type RelayerEvent = RelayerTransactionSigned;

/** The newest schema version of each. */
export const RELAYER_VERSIONS = {
  RelayerTransactionSigned: 1,
} as const satisfies Record<RelayerEvent['type'], number>;

/** The address in lower case, so that one account on one chain has one stream. */
export const relayerStream = (chainId: ChainId, address: Address): string =>
  `relayer-${chainId}-${address.toLowerCase()}`;
