import { parseReason, userDecider, userStream } from '@abland/domain';
import { type EventStore, handleCommand, invariant } from '@abland/kernel';

export interface OperatorsErasure {
  /** Checksummed. */
  readonly address: string;
  readonly reason: string;
  /** `operator:<name>` of who sits at the terminal. */
  readonly requestedBy: string;
  readonly commandId: string;
  readonly at: string;
}

export interface ErasureOutcome {
  /** Whose key is to be destroyed. */
  readonly registration: number;
  readonly erasedAt: string;
  readonly requestedBy: string;
  /** Somebody erased before. */
  readonly already: boolean;
}

/** Records an operator's erasure. @throws DomainError INVALID_REASON, UNKNOWN_USER */
export async function eraseUser(store: EventStore, erasure: OperatorsErasure): Promise<ErasureOutcome> {
  const { address, at, commandId, requestedBy } = erasure;
  const reason = parseReason(erasure.reason);
  const outcome = await handleCommand(
    store,
    userDecider,
    userStream(address),
    // Given at a terminal, once: there is no other input that it could be mistaken for.
    { type: 'EraseUser', commandId, by: 'OPERATOR', requestedBy, reason, inputHash: '0x', at },
    {
      metadata: { correlationId: commandId, causationId: null, actor: requestedBy },
      eventId: () => commandId,
    },
  );
  const { state, appended } = outcome;
  const last = state.status === 'ERASED' ? state.erasures.at(-1) : undefined;
  invariant(state.status === 'ERASED' && last !== undefined, 'The erasure is not there', { address });
  return {
    registration: state.registration,
    erasedAt: last.at,
    requestedBy: last.requestedBy,
    already: appended === 0,
  };
}
