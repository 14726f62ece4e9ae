import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, Count, Hash, HexData, Instant, UnixSeconds, Uuid } from '../values.js';

/** An ERC2771Forwarder request as its user signs it (EIP-712 type ForwardRequest). */
export type ForwardRequest = {
  readonly from: Address;
  readonly to: Address;
  readonly value: AmountText;
  readonly gas: AmountText;
  readonly nonce: AmountText;
  readonly deadline: UnixSeconds;
  readonly data: HexData;
};

/** Which aggregate the relayed transaction executes. */
export type RelayTarget = {
  readonly kind: 'TOKEN_CREATION' | 'TOKEN_DEACTIVATION' | 'POOL_CREATION' | 'ORDER';
  /** Id in the stream of the aggregate: token id, pool request id, order id. */
  readonly id: Uuid;
};

/** Stream relay-<commandId>: a command's way to the chain through our sender. */
export type RelayRequested = DomainEvent<
  'RelayRequested',
  { readonly commandId: Uuid; readonly target: RelayTarget; readonly request: ForwardRequest }
>;
/** The user signed the request. */
export type RelayAuthorized = DomainEvent<
  'RelayAuthorized',
  { readonly commandId: Uuid; readonly signature: HexData }
>;
/** An attempt that could be repeated failed; the next one comes not before `retryAt`. */
export type RelayAttemptFailed = DomainEvent<
  'RelayAttemptFailed',
  {
    readonly commandId: Uuid;
    readonly attempt: Count;
    readonly reason: string;
    readonly retryAt: Instant;
  }
>;
/** Given up, with the reason: nothing was or will be sent. */
export type RelayRefused = DomainEvent<
  'RelayRefused',
  { readonly commandId: Uuid; readonly code: string; readonly reason: string }
>;
export type RelayEvent = RelayRequested | RelayAuthorized | RelayAttemptFailed | RelayRefused;

/**
 * Stream relayer-<address>: every transaction of our sender, signed and recorded before it is broadcast. The stream's
 * revision is the account's nonce, so that no nonce is used twice and a crash after recording only broadcasts the same again.
 */
export type RelayerTransactionSigned = DomainEvent<
  'RelayerTransactionSigned',
  {
    readonly relayer: Address;
    readonly nonce: Count;
    readonly commandId: Uuid;
    readonly txHash: Hash;
    readonly rawTransaction: HexData;
  }
>;
export type RelayerEvent = RelayerTransactionSigned;

export const relayStream = (commandId: Uuid): string => `relay-${commandId}`;
export const relayerStream = (address: Address): string => `relayer-${address.toLowerCase()}`;
