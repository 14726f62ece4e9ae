import { describe, expect, it } from '@jest/globals';
import { requestDecider, type RequestEvent } from '../request-decider.js';
import { ALICE, BOB, CHAIN, ID, LATER, MANAGER, NOW } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { confirmed, expired, failed, relayed, requested, submitted } from './lifecycle.fixture.js';

const { given } = specify(requestDecider);

const REQUEST = { commandId: ID, chainId: CHAIN } as const;
const forward = {
  from: ALICE,
  to: MANAGER,
  value: '0',
  gas: '400000',
  nonce: '0',
  deadline: Date.parse(LATER) / 1_000,
  data: '0x01',
} as const;
const asked: RequestEvent = { type: 'RelayRequested', version: 1, data: { ...REQUEST, forward } };
const authorized: RequestEvent = {
  type: 'RelayAuthorized',
  version: 1,
  data: { ...REQUEST, signature: '0xaa' },
};
const attemptFailed = (attempt: number): RequestEvent => ({
  type: 'RelayAttemptFailed',
  version: 1,
  data: { ...REQUEST, attempt, reason: 'The node is down', retryAt: LATER },
});
const ask = { type: 'RequestRelay', forward } as const;
const authorize = { type: 'AuthorizeRelay', signature: '0xaa', signer: ALICE, at: LATER } as const;
const recordFailure = (attempt: number) =>
  ({ type: 'RecordRelayFailure', attempt, reason: 'The node is down', retryAt: LATER }) as const;

describe('a relayed request', () => {
  it('asks once for its signature', () => {
    given(relayed).when(ask).then(asked);
    given(relayed, asked).when(ask).thenNothing();
    given(relayed, asked, authorized).when(ask).thenNothing();
    given(relayed, asked, failed).when(ask).thenNothing();
  });
  it('is the only one that asks for a signature', () => {
    given(requested).when(ask).thenRefused('WRONG_EXECUTION', 'commandId');
  });
  it('is authorized by its requester, in the last second too', () => {
    given(relayed, asked).when(authorize).then(authorized);
    given(relayed, asked)
      .when({ ...authorize, signer: ALICE.toLowerCase() })
      .then(authorized);
    given(relayed, asked)
      .when({ ...authorize, at: NOW })
      .then(authorized);
  });
  it('keeps the first signature: the same again is nothing new, another one is refused', () => {
    for (const history of [
      [relayed, asked, authorized],
      [relayed, asked, authorized, submitted(), confirmed()],
    ]) {
      given(...history)
        .when(authorize)
        .thenNothing();
      given(...history)
        .when({ ...authorize, signature: '0xbb' })
        .thenRefused('RELAY_ALREADY_SIGNED', 'signature');
    }
  });
  it('asks for another signature where what is to be signed has changed, until it is signed', () => {
    const other = { ...forward, nonce: '1' };
    const askedOther: RequestEvent = { ...asked, data: { ...REQUEST, forward: other } } as RequestEvent;
    const change = { ...ask, forward: other };
    given(relayed, asked).when(change).then(askedOther);
    expect(given(relayed, asked, askedOther).state).toMatchObject({ relay: { forward: { nonce: '1' } } });
    given(relayed, asked, authorized).when(change).thenNothing();
    given(relayed, asked, expired).when(change).thenNothing();
  });
  it('carries no value: our sender pays gas alone', () => {
    given(relayed)
      .when({ ...ask, forward: { ...forward, value: '1000' } })
      .thenRefused('RELAY_VALUE_REFUSED', 'execution');
    const costly = { ...asked, data: { ...REQUEST, forward: { ...forward, value: '1000' } } };
    given(relayed, costly as RequestEvent)
      .when(authorize)
      .thenRefused('RELAY_VALUE_REFUSED', 'commandId');
  });
  it('is not authorized by another, nor by a signature of nobody', () => {
    for (const history of [
      [relayed, asked],
      [relayed, asked, authorized],
    ]) {
      for (const signer of [BOB, null]) {
        given(...history)
          .when({ ...authorize, signer })
          .thenRefused('SIGNATURE_OF_ANOTHER', 'signature');
      }
    }
  });
  it('is not authorized after its deadline, nor after it was given up or closed', () => {
    given(relayed, asked)
      .when({ ...authorize, at: '2026-01-01T12:10:01.000Z' })
      .thenRefused('RELAY_EXPIRED', 'commandId');
    given(relayed, asked, failed).when(authorize).thenRefused('RELAY_REFUSED', 'commandId');
    given(relayed, asked, expired).when(authorize).thenRefused('COMMAND_CLOSED', 'commandId');
  });
  it('counts the attempts that failed, each once', () => {
    given(relayed, asked, authorized).when(recordFailure(1)).then(attemptFailed(1));
    given(relayed, asked, authorized, attemptFailed(1)).when(recordFailure(1)).thenNothing();
    given(relayed, asked, authorized, attemptFailed(1)).when(recordFailure(2)).then(attemptFailed(2));
  });
  it('has no failed attempts before it is authorized, nor once it is closed', () => {
    given(relayed, asked).when(recordFailure(1)).thenNothing();
    given(relayed, asked, authorized, failed).when(recordFailure(1)).thenNothing();
    given(relayed, asked, authorized, submitted(), confirmed()).when(recordFailure(1)).thenNothing();
  });
  it.each([authorize, recordFailure(1)])(
    '$type means nothing where no signature was asked for',
    (command) => {
      given(relayed).when(command).thenRefused('RELAY_NOT_REQUESTED', 'commandId');
    },
  );
});

describe('the state of a relay', () => {
  it('tells when to try again, and stays through the request’s own way', () => {
    const tried = {
      relay: { status: 'AUTHORIZED', forward, signature: '0xaa', failures: 2, retryAt: LATER },
    };
    expect(given(relayed, asked, authorized, attemptFailed(2)).state).toMatchObject(tried);
    expect(given(relayed, asked, authorized, attemptFailed(2), submitted()).state).toMatchObject(tried);
  });
  it('does not come from events without a request for it', () => {
    expect(given(relayed, authorized).state).toMatchObject({ relay: null });
    expect(given(relayed, asked, attemptFailed(1)).state).toMatchObject({ relay: { status: 'REQUESTED' } });
  });
});
