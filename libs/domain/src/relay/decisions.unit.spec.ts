import { describe, expect, it } from '@jest/globals';
import { ALICE, BOB, ID, LATER, NOW, OTHER_ID, TOKEN_A } from '../samples.fixture.js';
import { specify } from '../specification.js';
import { relayDecider } from './decisions.js';
import type { ForwardRequest, RelayEvent, RelayTarget } from './events.js';

const { given } = specify(relayDecider);

const target: RelayTarget = { kind: 'ORDER', id: OTHER_ID };
const forward: ForwardRequest = {
  from: ALICE,
  to: TOKEN_A,
  value: '0',
  gas: '300000',
  nonce: '0',
  deadline: Date.parse(LATER) / 1000,
  data: '0x01',
};
const requested: RelayEvent = {
  type: 'RelayRequested',
  version: 1,
  data: { commandId: ID, target, request: forward },
};
const authorized: RelayEvent = {
  type: 'RelayAuthorized',
  version: 1,
  data: { commandId: ID, signature: '0xaa' },
};
const attemptFailed = (attempt: number): RelayEvent => ({
  type: 'RelayAttemptFailed',
  version: 1,
  data: { commandId: ID, attempt, reason: 'The node is down', retryAt: LATER },
});
const refused: RelayEvent = {
  type: 'RelayRefused',
  version: 1,
  data: { commandId: ID, code: 'REFUSED_BY_SIMULATION', reason: 'It would revert' },
};
const request = { type: 'RequestRelay', commandId: ID, target, request: forward } as const;
const authorize = { type: 'AuthorizeRelay', signature: '0xaa', signer: ALICE, at: LATER } as const;
const recordFailure = (attempt: number) =>
  ({ type: 'RecordRelayFailure', attempt, reason: 'The node is down', retryAt: LATER }) as const;
const refuse = { type: 'RefuseRelay', code: 'REFUSED_BY_SIMULATION', reason: 'It would revert' } as const;

describe('a relayed command', () => {
  it('asks once for its signature', () => {
    given().when(request).then(requested);
    given(requested).when(request).thenNothing();
    given(requested, authorized).when(request).thenNothing();
    given(requested, refused).when(request).thenNothing();
  });
  it('is authorized by its user, in the last second too', () => {
    given(requested).when(authorize).then(authorized);
    given(requested)
      .when({ ...authorize, signer: ALICE.toLowerCase() })
      .then(authorized);
  });
  it('keeps the first signature', () => {
    given(requested, authorized)
      .when({ ...authorize, signature: '0xbb' })
      .thenNothing();
  });
  it('is not authorized by another, nor by a signature of nobody', () => {
    given(requested)
      .when({ ...authorize, signer: BOB })
      .thenRefused('SIGNATURE_OF_ANOTHER', 'signature');
    given(requested)
      .when({ ...authorize, signer: null })
      .thenRefused('SIGNATURE_OF_ANOTHER', 'signature');
    given(requested, authorized)
      .when({ ...authorize, signer: BOB })
      .thenRefused('SIGNATURE_OF_ANOTHER', 'signature');
  });
  it('is not authorized after its deadline, nor after it was given up', () => {
    given(requested)
      .when({ ...authorize, at: '2026-01-01T12:10:01.000Z' })
      .thenRefused('RELAY_EXPIRED', 'commandId');
    given(requested, refused).when(authorize).thenRefused('RELAY_REFUSED', 'commandId');
  });
  it('counts the attempts that failed, each once', () => {
    given(requested, authorized).when(recordFailure(1)).then(attemptFailed(1));
    given(requested, authorized, attemptFailed(1)).when(recordFailure(1)).thenNothing();
    given(requested, authorized, attemptFailed(1)).when(recordFailure(2)).then(attemptFailed(2));
  });
  it('has no failed attempts before it is authorized or after it was given up', () => {
    given(requested).when(recordFailure(1)).thenNothing();
    given(requested, authorized, refused).when(recordFailure(1)).thenNothing();
  });
  it('is given up once, signed or not', () => {
    given(requested).when(refuse).then(refused);
    given(requested, authorized).when(refuse).then(refused);
    given(requested, refused).when(refuse).thenNothing();
  });
  it.each([authorize, recordFailure(1), refuse])('$type means nothing without a request', (command) => {
    given().when(command).thenRefused('RELAY_NOT_REQUESTED', 'commandId');
  });
});

describe('its state', () => {
  it('tells when to try again', () => {
    expect(given(requested, authorized, attemptFailed(2)).state).toEqual({
      status: 'AUTHORIZED',
      commandId: ID,
      target,
      request: forward,
      signature: '0xaa',
      failures: 2,
      retryAt: LATER,
    });
  });
  it('does not come from events without a request or an authorization', () => {
    expect(given(authorized).state).toEqual({ status: 'NONE' });
    expect(given(requested, attemptFailed(1)).state).toMatchObject({ status: 'REQUESTED' });
  });
  it('is of the time it is told', () => {
    given(requested)
      .when({ ...authorize, at: NOW })
      .then(authorized);
  });
});
