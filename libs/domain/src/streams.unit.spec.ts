import { expect, it } from '@jest/globals';
import {
  chainStream,
  forwardNoncesStream,
  operationStream,
  relayerStream,
  requestStream,
  userStream,
} from './index.js';
import { ALICE, ID } from './testing/samples.fixture.js';

it('streams are named by kind and id', () => {
  expect([requestStream(ID), operationStream(ID), chainStream(31337)]).toEqual([
    `request-${ID}`,
    `operation-${ID}`,
    'chain-31337',
  ]);
});

it('one person has one stream, whatever the case of the address is', () => {
  expect(userStream(ALICE)).toBe(`user-${ALICE.toLowerCase()}`);
  expect(userStream(ALICE.toLowerCase())).toBe(userStream(ALICE));
});

it('one account of our sender has a stream on each chain', () => {
  expect(relayerStream(1, ALICE)).toBe(`relayer-1-${ALICE.toLowerCase()}`);
  expect(relayerStream(1, ALICE.toLowerCase())).toBe(relayerStream(1, ALICE));
  expect(relayerStream(2, ALICE)).not.toBe(relayerStream(1, ALICE));
});

it('one signer of relayed requests has a stream on each chain', () => {
  expect(forwardNoncesStream(1, ALICE)).toBe(`forwards-1-${ALICE.toLowerCase()}`);
  expect(forwardNoncesStream(2, ALICE)).not.toBe(forwardNoncesStream(1, ALICE));
});
