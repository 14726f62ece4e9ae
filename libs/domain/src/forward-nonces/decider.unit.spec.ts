import { describe, expect, it } from '@jest/globals';
import { ALICE, CHAIN, ID, LATER, NOW, OTHER_ID, THIRD_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { FORWARDS_AHEAD_MAX, forwardNoncesDecider, nonceOf } from './decider.js';
import type { ForwardNonceEvent } from './events.js';

const { given } = specify(forwardNoncesDecider);

const HELD_UNTIL = '2026-01-01T12:00:30.000Z';
const of = (commandId: string) => ({ chainId: CHAIN, signer: ALICE, commandId });
const offered = (commandId: string, nonce: number, heldUntil = HELD_UNTIL): ForwardNonceEvent => ({
  type: 'ForwardNonceOffered',
  version: 1,
  data: { ...of(commandId), nonce, heldUntil },
});
const taken = (commandId: string, nonce: number): ForwardNonceEvent => ({
  type: 'ForwardNonceTaken',
  version: 1,
  data: { ...of(commandId), nonce },
});
const known = { next: 0, ended: [] as readonly string[] };
const offer = (commandId: string, change: object = {}) => ({
  ...{ type: 'OfferForwardNonce' as const, ...of(commandId), ...known },
  ...{ at: NOW, heldUntil: HELD_UNTIL, beforeUnsigned: false, ...change },
});
const take = (commandId: string, nonce: number, change: object = {}) => ({
  ...{ type: 'TakeForwardNonce' as const, ...of(commandId), ...known, nonce, ...change },
});

describe('a nonce that is offered', () => {
  it('is the next of the forwarder, and one further for each request that waits', () => {
    given().when(offer(ID)).then(offered(ID, 0));
    given()
      .when(offer(ID, { next: 7 }))
      .then(offered(ID, 7));
    given(offered(ID, 0)).when(offer(OTHER_ID)).then(offered(OTHER_ID, 1));
    given(taken(ID, 0), offered(OTHER_ID, 1)).when(offer(THIRD_ID)).then(offered(THIRD_ID, 2));
  });
  it('stays a request’s own however often it asks, also when its time is over', () => {
    given(offered(ID, 0)).when(offer(ID)).thenNothing();
    given(offered(ID, 0))
      .when(offer(ID, { at: LATER }))
      .thenNothing();
    given(offered(ID, 0), taken(ID, 0))
      .when(offer(ID, { next: 1 }))
      .thenNothing();
  });
  it('is another one where its own was used meanwhile', () => {
    given(offered(ID, 0))
      .when(offer(ID, { next: 1 }))
      .then(offered(ID, 1));
  });
  it('goes to another request where nobody signed it in its time', () => {
    given(offered(ID, 0))
      .when(offer(OTHER_ID, { at: LATER }))
      .then(offered(OTHER_ID, 0));
  });
  it('goes to another request where its own ended without using it, signed or not', () => {
    for (const held of [offered(ID, 0), taken(ID, 0)]) {
      given(held)
        .when(offer(OTHER_ID, { ended: [ID] }))
        .then(offered(OTHER_ID, 0));
    }
  });
  it('is the first that nobody signed for a request that was signed out of its turn', () => {
    given(taken(ID, 0), offered(OTHER_ID, 1), offered(THIRD_ID, 2))
      .when(offer(THIRD_ID, { beforeUnsigned: true }))
      .then(offered(THIRD_ID, 1));
    given(taken(ID, 0), offered(OTHER_ID, 1))
      .when(offer(OTHER_ID, { beforeUnsigned: true }))
      .thenNothing();
  });
  it('is refused where too many wait', () => {
    const waiting = Array.from({ length: FORWARDS_AHEAD_MAX }, (_, nonce) => taken(`${nonce}`, nonce));
    given(...waiting)
      .when(offer(ID))
      .thenRefused('RELAY_QUEUE_FULL', 'execution');
    given(...waiting)
      .when(offer(ID, { next: 1 }))
      .then(offered(ID, FORWARDS_AHEAD_MAX));
  });
});

describe('a nonce that is signed', () => {
  it('is its request’s, once', () => {
    given(offered(ID, 0)).when(take(ID, 0)).then(taken(ID, 0));
    given(offered(ID, 0), taken(ID, 0)).when(take(ID, 0)).thenNothing();
    given(offered(ID, 0), taken(ID, 0))
      .when(take(ID, 0, { next: 1 }))
      .thenNothing();
  });
  it('is never two requests’', () => {
    given(taken(ID, 0)).when(take(OTHER_ID, 0)).thenRefused('RELAY_NONCE_USED', 'signature');
    given(taken(ID, 0))
      .when(take(OTHER_ID, 0, { ended: [ID] }))
      .then(taken(OTHER_ID, 0));
  });
  it('is the first signature’s, though it was offered to another since', () => {
    given(offered(ID, 0), offered(OTHER_ID, 0)).when(take(ID, 0)).then(taken(ID, 0));
    given(offered(ID, 0), offered(OTHER_ID, 0), taken(ID, 0))
      .when(take(OTHER_ID, 0))
      .thenRefused('RELAY_NONCE_USED', 'signature');
  });
  it('is none that the forwarder has used', () => {
    given(offered(ID, 0))
      .when(take(ID, 0, { next: 1 }))
      .thenRefused('RELAY_NONCE_USED', 'signature');
  });
  it('waits for those before it to be signed', () => {
    given(offered(ID, 0), offered(OTHER_ID, 1))
      .when(take(OTHER_ID, 1))
      .thenRefused('RELAY_OUT_OF_TURN', 'signature');
    given(taken(ID, 0), offered(OTHER_ID, 1)).when(take(OTHER_ID, 1)).then(taken(OTHER_ID, 1));
    given(taken(ID, 0), offered(OTHER_ID, 1))
      .when(take(OTHER_ID, 1, { ended: [ID] }))
      .thenRefused('RELAY_OUT_OF_TURN', 'signature');
    given(offered(OTHER_ID, 1))
      .when(take(OTHER_ID, 1, { next: 1 }))
      .then(taken(OTHER_ID, 1));
  });
});

describe('the nonces of a signer', () => {
  it('are bounded in number, and tell each request’s own', () => {
    const many = Array.from({ length: 100 }, (_, nonce) => taken(`${nonce}`, nonce));
    const { state } = given(...many);
    expect(state.held).toHaveLength(2 * FORWARDS_AHEAD_MAX);
    expect([nonceOf(state, '99'), nonceOf(state, '0')]).toEqual([99, null]);
  });
});
