import type { Decider } from '@abland/kernel';
import { refusal } from '../vocabulary/errors.js';
import type { Address, ChainId, Count, Instant, Uuid } from '../vocabulary/values.js';
import { FORWARD_NONCE_VERSIONS, type ForwardNonceEvent } from './events.js';

/** What others know when a nonce is asked for. */
interface Asking {
  readonly chainId: ChainId;
  readonly signer: Address;
  readonly commandId: Uuid;
  /** The forwarder's next nonce of the signer, as far as it is known. */
  readonly next: Count;
  /** Requests that hold a nonce, and have ended without using it. */
  readonly ended: readonly Uuid[];
}
/** Gives a request the first nonce that is free. */
export interface OfferForwardNonce extends Asking {
  readonly type: 'OfferForwardNonce';
  readonly at: Instant;
  /** Until when no other request is offered it. */
  readonly heldUntil: Instant;
  /** Whether what is offered to others and not signed is free: who hands in a signature goes before who has not. */
  readonly beforeUnsigned: boolean;
}
/** Gives a nonce to the request that its signer signed with it. */
export interface TakeForwardNonce extends Asking {
  readonly type: 'TakeForwardNonce';
  readonly nonce: Count;
}
export type ForwardNonceCommand = OfferForwardNonce | TakeForwardNonce;

export interface HeldNonce {
  readonly nonce: Count;
  readonly commandId: Uuid;
  /** Of an offer; null once the request is signed. */
  readonly heldUntil: Instant | null;
}

/** The newest nonces, in ascending order, each with the request that has it. */
export interface ForwardNonces {
  readonly held: readonly HeldNonce[];
}

/** Nonces from the next one on that may be offered or taken: relayed requests of one signer that wait at once. */
export const FORWARDS_AHEAD_MAX = 32;
/** Nonces remembered: those ahead, and as many behind them, which a reorg may bring back. */
const REMEMBERED = 2 * FORWARDS_AHEAD_MAX;

/**
 * Nonces of one signer at the forwarder of one chain, which executes them gapless and in order. Each belongs to one signed
 * request at most, and a request is signed only where all before it are.
 */
export const forwardNoncesDecider: Decider<ForwardNonceCommand, ForwardNonces, ForwardNonceEvent> = {
  stateVersion: 1,
  initialState: { held: [] },
  decide(command, state) {
    switch (command.type) {
      case 'OfferForwardNonce':
        return offer(command, state);
      case 'TakeForwardNonce':
        return take(command, state);
      default:
        return command satisfies never;
    }
  },
  evolve({ held }, { type, data: { nonce, commandId, ...data } }) {
    const heldUntil = type === 'ForwardNonceOffered' ? (data as { heldUntil: Instant }).heldUntil : null;
    const others = held.filter((one) => one.nonce !== nonce && (one.commandId !== commandId || isTaken(one)));
    const all = [...others, { nonce, commandId, heldUntil }].sort((one, other) => one.nonce - other.nonce);
    return { held: all.slice(-REMEMBERED) };
  },
};

/** The nonce that a request was offered, or has; null where it has none. */
export const nonceOf = ({ held }: ForwardNonces, commandId: Uuid): Count | null =>
  held.find((one) => one.commandId === commandId)?.nonce ?? null;

const isTaken = ({ heldUntil }: HeldNonce): boolean => heldUntil === null;

/** Nothing new where the request has a nonce that may still be its own. @throws DomainError RELAY_QUEUE_FULL */
function offer(command: OfferForwardNonce, state: ForwardNonces): readonly ForwardNonceEvent[] {
  const { chainId, signer, commandId, next, at, heldUntil, beforeUnsigned } = command;
  const own = state.held.find((one) => one.commandId === commandId);
  if (own !== undefined && (isTaken(own) || (own.nonce >= next && !beforeUnsigned))) return [];
  const others = othersAlive(command, state).filter((one) =>
    one.heldUntil === null ? true : !beforeUnsigned && one.heldUntil > at,
  );
  const gone = new Set(others.map(({ nonce }) => nonce));
  let nonce = next;
  while (gone.has(nonce)) nonce += 1;
  if (nonce === own?.nonce) return [];
  if (nonce - next >= FORWARDS_AHEAD_MAX) {
    const details = { max: FORWARDS_AHEAD_MAX };
    throw refusal('RELAY_QUEUE_FULL', 'Too many relayed commands of this address wait', 'execution', details);
  }
  const data = { chainId, signer, commandId, nonce, heldUntil };
  return [{ type: 'ForwardNonceOffered', version: FORWARD_NONCE_VERSIONS.ForwardNonceOffered, data }];
}

/**
 * The first signature has it, whoever was offered it last.
 * @throws DomainError RELAY_NONCE_USED, RELAY_OUT_OF_TURN
 */
function take(command: TakeForwardNonce, state: ForwardNonces): readonly ForwardNonceEvent[] {
  const { chainId, signer, commandId, nonce, next } = command;
  const taken = new Map(
    othersAlive(command, state).flatMap((one) => (isTaken(one) ? [[one.nonce, one.commandId]] : [])),
  );
  if (state.held.some((one) => one.nonce === nonce && one.commandId === commandId && isTaken(one))) return [];
  if (nonce < next || taken.has(nonce)) {
    const details = { nonce, next, takenBy: taken.get(nonce) ?? null };
    throw refusal('RELAY_NONCE_USED', 'The nonce of the signed request is used', 'signature', details);
  }
  for (let before = next; before < nonce; before += 1) {
    if (taken.has(before)) continue;
    const details = { nonce, unsigned: before };
    throw refusal('RELAY_OUT_OF_TURN', 'A request before this one is not signed', 'signature', details);
  }
  const data = { chainId, signer, commandId, nonce };
  return [{ type: 'ForwardNonceTaken', version: FORWARD_NONCE_VERSIONS.ForwardNonceTaken, data }];
}

const othersAlive = ({ commandId, ended }: Asking, { held }: ForwardNonces): readonly HeldNonce[] =>
  held.filter((one) => one.commandId !== commandId && !ended.includes(one.commandId));
