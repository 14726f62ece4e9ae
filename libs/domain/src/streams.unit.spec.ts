import { expect, it } from '@jest/globals';
import {
  chainStream,
  orderStream,
  poolStream,
  relayStream,
  relayerStream,
  tokenStream,
  userStream,
} from './index.js';
import { ALICE, ID } from './testing/samples.fixture.js';

it('streams are named by kind and id', () => {
  expect([tokenStream(ID), poolStream(ID), orderStream(ID), relayStream(ID), chainStream(31337)]).toEqual([
    `token-${ID}`,
    `pool-${ID}`,
    `order-${ID}`,
    `relay-${ID}`,
    'chain-31337',
  ]);
});

it('one person has one stream, whatever the case of the address is', () => {
  expect(userStream(ALICE)).toBe(`user-${ALICE.toLowerCase()}`);
  expect(userStream(ALICE.toLowerCase())).toBe(userStream(ALICE));
  expect(relayerStream(ALICE)).toBe(`relayer-${ALICE.toLowerCase()}`);
});
