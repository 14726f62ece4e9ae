import { DomainError, type Decider, type DomainEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { specify } from './specification.js';

type Counted = DomainEvent<'Counted', { readonly by: number; readonly note: string }>;
const counted = (by: number): Counted => ({ type: 'Counted', version: 1, data: { by, note: 'n' } });

/** Counts up, nothing for 0, never above 3. */
const counter: Decider<number, number, Counted> = {
  initialState: 0,
  decide(by, count) {
    if (by < 0) throw new TypeError('a defect');
    if (count + by > 3) throw new DomainError('TOO_MANY', 'At most 3', 'by');
    return by === 0 ? [] : [counted(by)];
  },
  evolve: (count, { data }) => count + data.by,
};
const { given } = specify(counter);

describe('a specification passes where it is true', () => {
  it('of events, whatever the order of their keys is', () => {
    given(counted(1))
      .when(2)
      .then({ version: 1, type: 'Counted', data: { note: 'n', by: 2 } });
  });
  it('of nothing, and of a state', () => {
    given().when(0).thenNothing();
    expect(given(counted(1), counted(2)).state).toBe(3);
  });
});

describe('a specification fails where it is not', () => {
  it('of other events, of more and of none', () => {
    expect(() => given().when(1).then(counted(2))).toThrow('Expected the events');
    expect(() => given().when(1).then()).toThrow('Expected the events');
    expect(() => given().when(0).then(counted(1))).toThrow('Expected the events');
    expect(() => given().when(1).thenNothing()).toThrow('Expected no event');
  });
  it('of a command that is accepted, refused for another reason or of another field', () => {
    expect(() =>
      given()
        .when(1)
        .thenRefused('TOO_MANY' as never, 'by'),
    ).toThrow('was accepted');
    expect(() => given().when(4).thenRefused('INVALID_AMOUNT', 'by')).toThrow('it was TOO_MANY of by');
    expect(() =>
      given()
        .when(4)
        .thenRefused('TOO_MANY' as never),
    ).toThrow('TOO_MANY of null, but');
  });
  it('of a defect, which is no refusal', () => {
    expect(() =>
      given()
        .when(-1)
        .thenRefused('TOO_MANY' as never),
    ).toThrow(TypeError);
    expect(() => given(counted(3)).when(1).thenNothing()).toThrow(DomainError);
  });
});
