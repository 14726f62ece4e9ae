import type { LoggedFact } from '../chain/facts.js';
import type { RequestHeader, Requested, RequestOutcome } from './events.js';

/**
 * One kind of request: its terms, what it accepts, and which fact of the chain answers it. All else is the same for every
 * kind.
 */
export interface RequestKind<Name extends RequestOutcome['kind'], Type extends string, Ask, Terms> {
  readonly name: Name;
  /** The event that begins a request of this kind, and the newest schema version of it. */
  readonly requested: { readonly type: Type; readonly version: number };
  /**
   * The terms that the chain will be held to. What of the ask is malformed is refused first, then what is not there, then
   * what the known state does not allow.
   * @throws DomainError
   */
  readonly accept: (ask: Ask, header: RequestHeader) => Terms;
  /** The facts that may answer. */
  readonly answeredBy: readonly LoggedFact['type'][];
  /**
   * What came of the request by a fact; null where this is not the fact that tells it.
   * @param before the facts of the same transaction that came before
   * @throws DomainError CONFIRMATION_MISMATCH where it claims to be, and differs from the terms
   */
  readonly outcome: (
    request: Requested<Terms>,
    fact: LoggedFact,
    before: readonly LoggedFact[],
  ) => Extract<RequestOutcome, { kind: Name }> | null;
}

/** A kind whose ask and terms are not looked into. */
export interface AnyRequestKind {
  readonly name: RequestOutcome['kind'];
  readonly requested: { readonly type: string; readonly version: number };
  readonly accept: (ask: never, header: RequestHeader) => unknown;
  readonly answeredBy: readonly LoggedFact['type'][];
  readonly outcome: (
    request: never,
    fact: LoggedFact,
    before: readonly LoggedFact[],
  ) => RequestOutcome | null;
}
