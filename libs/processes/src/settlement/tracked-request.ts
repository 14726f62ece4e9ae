import type { Address, Execution, Hash, RelayTarget, Uuid } from '@abland/domain';

/** What a person can ask of the chain. */
export type RequestKind = RelayTarget['kind'];

/**
 * OPEN: nothing of it is on the chain. CONFIRMED and REVERTED: mined, and a reorg may take it back. FINAL: nothing can.
 * CLOSED: failed or expired without the chain.
 */
export type RequestStatus = 'OPEN' | 'CONFIRMED' | 'REVERTED' | 'FINAL' | 'CLOSED';

/** A command on its way to the chain and back, as the log tells it. Times in milliseconds since the epoch. */
export interface TrackedRequest {
  readonly commandId: Uuid;
  readonly kind: RequestKind;
  /** Names the stream: token id, pool request id, order id. */
  readonly entityId: Uuid;
  readonly account: Address;
  readonly execution: Execution;
  /** Data of the event that requested it. */
  readonly terms: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  readonly requestedAt: number;
  readonly deadline: number;
  /** The transaction told last; null before the first. */
  readonly txHash: Hash | null;
  readonly status: RequestStatus;
  readonly outcomeBlockNumber: number | null;
  readonly outcomeBlockHash: Hash | null;
  /** When expiry is looked at next. */
  readonly expiryDueAt: number;
  /** The deployed token; null before it is. */
  readonly tokenAddress: Address | null;
}
