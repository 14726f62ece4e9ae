import { describe, expect, it } from '@jest/globals';
import { BadEventError } from '../engine/errors.js';
import { amount, int8, text } from '../engine/columns.js';
import { chainPlaceOf, type Projection, rowOf } from '../engine/projection.js';
import { defineTable } from '../engine/table.js';
import { specify } from './specification.js';
import { fact, finalized, onChain, reverted } from './told-events.js';

const sums = defineTable({
  name: 'sums',
  origin: 'chain',
  columns: { chain_id: int8, user: text, sum: amount },
  key: ['chain_id', 'user'],
  indexes: [],
});
const finals = defineTable({
  name: 'finals',
  origin: 'log',
  columns: { id: text, number: int8 },
  key: ['id'],
  indexes: [],
});
/** Sums what was forwarded for a signer; a nonce of 13 is refused after it was added. */
const counter = (saysWhatItReads = true): Projection => ({
  name: 'counter',
  version: 1,
  tables: [sums, finals],
  handlers: {
    ForwardRequestExecuted: {
      reads: (event) =>
        saysWhatItReads
          ? [rowOf(sums, { chain_id: chainPlaceOf(event).chainId, user: event.data.signer })]
          : [],
      apply: (event, rows) => {
        const key = { chain_id: chainPlaceOf(event).chainId, user: event.data.signer };
        const sum = (rows.get(sums, key)?.sum ?? 0n) + BigInt(event.data.nonce);
        rows.put(sums, { ...key, sum });
        if (event.data.nonce === '13') throw new BadEventError('An unlucky number');
      },
    },
    BlocksFinalized: {
      reads: () => [rowOf(finals, { id: 'final' })],
      apply: (event, rows) => rows.put(finals, { id: 'final', number: event.data.number }),
    },
  },
});
const { given } = specify(counter());
const add = (signer: string, nonce: number, block: number) =>
  fact('ForwardRequestExecuted', { signer, nonce: `${nonce}`, success: true }, { block });

describe('a specification of a projection passes where it is true', () => {
  it('of the rows of each table, by key, whatever columns are named', () => {
    given(add('b', 1, 1), add('a', 2, 1))
      .when(add('b', 3, 2), finalized(1))
      .then(sums, { user: 'a' }, { chain_id: 1, user: 'b', sum: 4n })
      .then(finals, { number: 1 });
  });
  it('of a refusal, and of what changes nothing', () => {
    given(add('a', 2, 1))
      .when(add('a', 13, 1))
      .thenRefused('An unlucky number');
    given(add('a', 2, 1))
      .when(add('a', 0, 1))
      .thenNothing();
  });
  it('of a reorg, which brings back what was there before the oldest block of its chain', () => {
    given(add('a', 1, 1), add('a', 1, 2), add('a', 1, 2), add('a', 1, 3), add('b', 1, 3))
      .when(onChain(2, add('a', 7, 3)), finalized(1), reverted(2, 3))
      .then(sums, { chain_id: 1, sum: 1n }, { chain_id: 2, sum: 7n })
      .then(finals, { number: 1 });
  });
});

describe('a specification of a projection fails where it is not', () => {
  it.each<[string, () => void]>([
    [
      'a row more',
      () =>
        given()
          .when(add('a', 1, 1))
          .then(sums),
    ],
    [
      'a row less',
      () =>
        given()
          .when(add('a', 1, 1))
          .then(sums, { user: 'a' }, { user: 'b' }),
    ],
    [
      'another value',
      () =>
        given()
          .when(add('a', 1, 1))
          .then(sums, { sum: 2n }),
    ],
    [
      'a change',
      () =>
        given()
          .when(add('a', 1, 1))
          .thenNothing(),
    ],
    [
      'no refusal',
      () =>
        given()
          .when(add('a', 1, 1))
          .thenRefused('An unlucky number'),
    ],
    [
      'another refusal',
      () =>
        given()
          .when(add('a', 13, 1))
          .thenRefused('Too much'),
    ],
    [
      'a row that was not fetched',
      () =>
        specify(counter(false))
          .given()
          .when(add('a', 1, 1))
          .thenNothing(),
    ],
  ])('of %s', (_, untrue) => {
    expect(untrue).toThrow();
  });
  it('but lets rows be fetched late where that is said', () => {
    specify(counter(false), ['sums'])
      .given()
      .when(add('a', 1, 1))
      .then(sums, { sum: 1n });
  });
});
