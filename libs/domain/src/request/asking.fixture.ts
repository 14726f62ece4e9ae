import {
  type AskRequest,
  requestDecider,
  type RequestEvent,
  type RequestKindName,
} from '../request-decider.js';
import { AFTER_DEADLINE, DEADLINE, HEADER, MINED, OTHER_INPUT_HASH } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import type { DomainErrorCode } from '../vocabulary/errors.js';
import type { LoggedFact } from '../chain/facts.js';
import type { RequestOutcome } from './events.js';

const { given } = specify(requestDecider);

type AskOf<Name extends RequestKindName> = Extract<AskRequest, { kind: Name }>['ask'];

/** The specification of one kind of request: what it accepts under which terms, and which fact answers it. */
export function specifyKind<Name extends RequestKindName>(kind: Name, requestedType: RequestEvent['type']) {
  const asking = (ask: AskOf<Name>, header: object = {}): AskRequest =>
    ({ type: 'AskRequest', kind, header: { ...HEADER, ...header }, ask }) as unknown as AskRequest;
  const requestedWith = (terms: object): RequestEvent =>
    ({ type: requestedType, version: 1, data: { ...HEADER, terms } }) as unknown as RequestEvent;
  const confirming = (fact: LoggedFact, before: readonly LoggedFact[]) =>
    ({ type: 'ConfirmRequest', chainId: HEADER.chainId, mined: MINED, fact, before }) as const;
  return {
    asked: (ask: AskOf<Name>) => ({
      isAcceptedWith: (terms: object) => given().when(asking(ask)).then(requestedWith(terms)),
      isRefused: (code: DomainErrorCode, field: string | null) =>
        given().when(asking(ask)).thenRefused(code, field),
    }),
    /** What holds for every kind: once, under one key, in time. */
    keepsItsKey(ask: AskOf<Name>, terms: object): void {
      given(requestedWith(terms))
        .when(asking(ask, { requestedAt: AFTER_DEADLINE }))
        .thenNothing();
      given(requestedWith(terms))
        .when(asking(ask, { inputHash: OTHER_INPUT_HASH }))
        .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
      given()
        .when(asking(ask, { requestedAt: DEADLINE }))
        .thenRefused('DEADLINE_EXPIRED', 'deadline');
      given()
        .when(asking(ask, { deadline: '2026-01-02T12:00:01.000Z' }))
        .thenRefused('DEADLINE_TOO_FAR', 'deadline');
    },
    answered: (terms: object, fact: LoggedFact, before: readonly LoggedFact[] = []) => ({
      by: (outcome: RequestOutcome) =>
        given(requestedWith(terms))
          .when(confirming(fact, before))
          .then({
            type: 'RequestConfirmed',
            version: 1,
            data: { commandId: HEADER.commandId, chainId: HEADER.chainId, ...MINED, outcome },
          }),
      byNothing: () => given(requestedWith(terms)).when(confirming(fact, before)).thenNothing(),
      notBy: (field: string) =>
        given(requestedWith(terms))
          .when(confirming(fact, before))
          .thenRefused('CONFIRMATION_MISMATCH', field),
    }),
  };
}
