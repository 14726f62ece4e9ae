import { type Decider, InvariantViolation } from '@abland/kernel';
import { refusal } from './vocabulary/errors.js';
import { assertDeadlineAhead } from './input/deadline.js';
import { poolCreation, type PoolCreationRequested } from './pool/creation.js';
import { liquidityAddition, type LiquidityAdditionRequested } from './pool/liquidity-addition.js';
import { liquidityRemoval, type LiquidityRemovalRequested } from './pool/liquidity-removal.js';
import { swap, type SwapRequested } from './pool/swap.js';
import type { ProgressCommand } from './request/commands.js';
import type { RelayProgress, RequestHeader, RequestProgress } from './request/events.js';
import type { AnyRequestKind } from './request/kind.js';
import { decideProgress } from './request/progress.js';
import {
  type AcceptedRequest,
  acceptedRequest,
  evolveProgress,
  initialRequest,
  type RequestState,
} from './request/state.js';
import { tokenCreation, type TokenCreationRequested } from './token/creation.js';
import { tokenDeactivation, type TokenDeactivationRequested } from './token/deactivation.js';
import type { Instant } from './vocabulary/values.js';

/** Everything that a person can ask of a chain. */
export const REQUEST_KINDS = {
  CREATE_TOKEN: tokenCreation,
  DEACTIVATE_TOKEN: tokenDeactivation,
  CREATE_POOL: poolCreation,
  ADD_LIQUIDITY: liquidityAddition,
  REMOVE_LIQUIDITY: liquidityRemoval,
  SWAP: swap,
} as const;

type Kinds = typeof REQUEST_KINDS;
export type RequestKindName = keyof Kinds;

/** An event that begins a request. */
export type RequestedEvent =
  | TokenCreationRequested
  | TokenDeactivationRequested
  | PoolCreationRequested
  | LiquidityAdditionRequested
  | LiquidityRemovalRequested
  | SwapRequested;
export type RequestEvent = RequestedEvent | RequestProgress | RelayProgress;

/** The newest schema version of each event that begins a request. */
export const REQUESTED_VERSIONS = Object.fromEntries(
  Object.values(REQUEST_KINDS).map(({ requested }) => [requested.type, requested.version]),
) as Readonly<Record<RequestedEvent['type'], number>>;

/** By the event that begins a request of it. */
const KIND_OF_EVENT: ReadonlyMap<string, AnyRequestKind> = new Map(
  Object.values(REQUEST_KINDS).map((kind) => [kind.requested.type, kind]),
);
/** The types of the events that begin a request. */
export const REQUESTED_TYPES = [...KIND_OF_EVENT.keys()] as readonly RequestedEvent['type'][];

/** Which kind of request an event begins; null where it begins none. */
export const requestKindOf = (eventType: string): RequestKindName | null =>
  (KIND_OF_EVENT.get(eventType)?.name as RequestKindName | undefined) ?? null;

/** A person asks: the header says who, of which chain and until when, the ask what. */
export type AskRequest = {
  [Name in RequestKindName]: {
    readonly type: 'AskRequest';
    readonly kind: Name;
    readonly header: RequestHeader;
    /** The later of the clock and the chain's time, where that is ahead: the deadline is counted from it. */
    readonly countedFrom?: Instant;
    readonly ask: Parameters<Kinds[Name]['accept']>[0];
  };
}[RequestKindName];
export type RequestCommand = AskRequest | ProgressCommand;

/** One request of one person to one chain, of whatever kind, from the request to its end. */
export const requestDecider: Decider<RequestCommand, RequestState, RequestEvent> = {
  initialState: initialRequest,
  decide(command, state) {
    if (command.type === 'AskRequest') return ask(command, state);
    if (state.status === 'NONE') {
      throw refusal('UNKNOWN_COMMAND', 'Nothing was requested under this id', 'commandId');
    }
    return decideProgress(command, state, REQUEST_KINDS[state.kind]);
  },
  evolve(state, event) {
    const kind = KIND_OF_EVENT.get(event.type);
    if (kind !== undefined) return acceptedRequest(kind.name, event.data);
    return state.status === 'NONE'
      ? state
      : evolveProgress(state, event as Exclude<RequestEvent, RequestedEvent>);
  },
};

/**
 * The same request again is nothing new; another one under its key is refused.
 * @throws DomainError IDEMPOTENCY_KEY_REUSED, DEADLINE_EXPIRED, DEADLINE_TOO_FAR and what its kind refuses
 */
function ask(
  { kind: name, header, countedFrom, ask }: AskRequest,
  state: RequestState,
): readonly RequestEvent[] {
  if (state.status !== 'NONE') {
    assertSameRequest(state, header);
    return [];
  }
  assertDeadlineAhead(header.deadline, countedFrom ?? header.requestedAt);
  const kind: AnyRequestKind = REQUEST_KINDS[name];
  const data = { ...header, terms: kind.accept(ask as never, header) };
  return [{ ...kind.requested, data } as unknown as RequestedEvent];
}

function assertSameRequest({ request }: AcceptedRequest, header: RequestHeader): void {
  if (request.commandId !== header.commandId) {
    throw new InvariantViolation('A request in the stream of another', { commandId: header.commandId });
  }
  if (request.inputHash !== header.inputHash) {
    throw refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input', 'idempotencyKey');
  }
}
