import type { DomainEvent } from '@abland/kernel';
import type { Address, ChainId, Count, Instant, Uuid } from '../vocabulary/values.js';

/** A nonce of one signer at the forwarder of one chain, and the relayed request that it is for. */
type OfForward = {
  readonly chainId: ChainId;
  readonly signer: Address;
  readonly commandId: Uuid;
  readonly nonce: Count;
};
/** The nonce stands in what the signer is asked to sign for the request; until then no other request is offered it. */
export type ForwardNonceOffered = DomainEvent<
  'ForwardNonceOffered',
  OfForward & { readonly heldUntil: Instant }
>;
/** The signed request has the nonce, until it ends. */
export type ForwardNonceTaken = DomainEvent<'ForwardNonceTaken', OfForward>;
export type ForwardNonceEvent = ForwardNonceOffered | ForwardNonceTaken;

/** The newest schema version of each. */
export const FORWARD_NONCE_VERSIONS = {
  ForwardNonceOffered: 1,
  ForwardNonceTaken: 1,
} as const satisfies Record<ForwardNonceEvent['type'], number>;

/** The address in lower case, so that one signer has one stream on each chain. */
export const forwardNoncesStream = (chainId: ChainId, signer: Address): string =>
  `forwards-${chainId}-${signer.toLowerCase()}`;
