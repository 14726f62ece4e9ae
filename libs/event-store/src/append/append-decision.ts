import { InvalidAppendError, type Position, type Revision, WrongExpectedRevisionError } from '@abland/kernel';
import type { AppendDecision, AppendRequest } from './append-request.js';

export interface StoredEvent {
  readonly revision: Revision;
  readonly position: Position;
}

/** What must be known of a stream to decide on an append to it. */
export interface StreamState {
  /** Of the stream's last event; null where there is none. */
  readonly revision: Revision | null;
  /** Where in this stream an event id is stored. */
  readonly storedAt: (id: string) => StoredEvent | undefined;
}

/**
 * The law of an append, one for every adapter:
 * - nothing stored yet: the expected revision decides;
 * - everything stored, in this order: the first result again, whatever was expected;
 * - stored events followed by new ones (a batch that was acknowledged in part): the new ones are added. With an exact
 *   revision or `no_stream` the stored ones must follow that revision and be the stream's last;
 * - any other mixture can never be stored as one batch and is invalid.
 */
export function decideAppend(request: AppendRequest, state: StreamState): AppendDecision {
  const stored: StoredEvent[] = [];
  let firstNew = -1;
  for (const [index, event] of request.events.entries()) {
    const found = state.storedAt(event.id);
    if (found === undefined) {
      if (firstNew === -1) firstNew = index;
      continue;
    }
    const previous = stored.at(-1);
    const inOrder = firstNew === -1 && (previous === undefined || previous.revision < found.revision);
    if (!inOrder) return { kind: 'refused', error: storedInAnotherOrder(request, index) };
    stored.push(found);
  }
  const last = stored.at(-1);
  if (last === undefined) return decideNew(request, state.revision);
  if (firstNew === -1) return { kind: 'stored-before', result: { ...last, duplicate: true } };
  return decideRest(request, state.revision, stored, firstNew);
}

function decideNew(request: AppendRequest, actual: Revision | null): AppendDecision {
  if (!matches(request.expected, actual)) return refuse(request, actual);
  return { kind: 'store', firstNew: 0, base: actual ?? -1n };
}

function decideRest(
  request: AppendRequest,
  actual: Revision | null,
  stored: readonly StoredEvent[],
  firstNew: number,
): AppendDecision {
  if (typeof request.expected === 'bigint' || request.expected === 'no_stream') {
    const before = request.expected === 'no_stream' ? -1n : request.expected;
    const follows = stored.every(({ revision }, index) => revision === before + BigInt(index) + 1n);
    if (!follows || stored.at(-1)?.revision !== actual) return refuse(request, actual);
  }
  return { kind: 'store', firstNew, base: actual ?? -1n };
}

function matches(expected: AppendRequest['expected'], actual: Revision | null): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no_stream':
      return actual === null;
    case 'stream_exists':
      return actual !== null;
    default:
      return actual === expected;
  }
}

function refuse({ stream, expected }: AppendRequest, actual: Revision | null): AppendDecision {
  return { kind: 'refused', error: new WrongExpectedRevisionError(stream, expected, actual) };
}

function storedInAnotherOrder({ stream, events }: AppendRequest, index: number): InvalidAppendError {
  const field = `events[${index}].id`;
  return new InvalidAppendError(`${field} is stored already, in another order than in this append`, {
    field,
    stream,
    id: events[index]?.id,
  });
}
