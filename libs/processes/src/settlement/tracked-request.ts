import {
  type Execution,
  type Hash,
  type MinedIn,
  millisecondsOf,
  type RequestedEvent,
  requestKindOf,
  type RequestKindName,
  type Uuid,
} from '@abland/domain';
import type { Position } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';

/** What the chain did with a request; a reorg may take it back. */
export interface Mined extends Omit<MinedIn, 'txHash'> {
  readonly outcome: 'CONFIRMED' | 'REVERTED';
}

/** Where a fact stands that answers the request if its transaction turns out to be the request's. */
export interface KeptFact {
  readonly txHash: Hash;
  readonly blockHash: Hash;
  /** In the chain's stream, in decimal. */
  readonly revision: string;
}

/** A request on its way to the chain and back, as the log tells it: only what JSON holds, but for its position. Times in milliseconds since the epoch. */
export interface TrackedRequest {
  readonly commandId: Uuid;
  /** Of the event that began it. */
  readonly position: Position;
  readonly kind: RequestKindName;
  readonly execution: Execution;
  /** In lower case. */
  readonly requester: string;
  /** Whose transaction carries it, in lower case; null until one was signed for it. */
  readonly relayer: string | null;
  /** Of a relayed one: the nonce that the forwarder is to execute it with; null before it was asked to be signed. */
  readonly forward: { readonly nonce: string; readonly signed: boolean } | null;
  readonly correlationId: string;
  readonly deadline: number;
  /** False where its stream says that it failed or expired, or will say so. */
  readonly open: boolean;
  /** Id of the event that opened it last, by which its expiry is named; null where it has been open since it began. */
  readonly openedBy: string | null;
  /** The transaction told or mined last; null before the first. */
  readonly txHash: Hash | null;
  /** Null while the chain as we know it did nothing with it. */
  readonly mined: Mined | null;
  /** In the order of the chain. */
  readonly facts: readonly KeptFact[];
}

export function trackedRequest(event: Recorded<RequestedEvent>): TrackedRequest {
  const { commandId, deadline, execution, requester } = event.data;
  const kind = requestKindOf(event.type);
  if (kind === null) throw new TypeError(`${event.type} begins no request`);
  return {
    commandId,
    position: event.position,
    kind,
    execution,
    requester: requester.toLowerCase(),
    relayer: null,
    forward: null,
    correlationId: event.metadata.correlationId,
    deadline: millisecondsOf(deadline),
    open: true,
    openedBy: null,
    txHash: null,
    mined: null,
    facts: [],
  };
}
