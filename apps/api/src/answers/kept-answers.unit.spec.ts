import { describe, expect, it } from '@jest/globals';
import { type KeptAnswer, KeptAnswers } from './kept-answers.js';

const AGE_MS = 1_000;

function setUp(sizeMax = 100) {
  const time = { now: 0 };
  const kept = new KeptAnswers({ sizeMax, ageMsMax: AGE_MS }, () => time.now);
  const answer = (body: string): KeptAnswer => ({
    ...{ body, contentType: 'application/json', operation: 'Any', keptAt: time.now },
  });
  const of = (digest: string, key: string): string | undefined => kept.of(digest, key)?.body;
  const keep = (digest: string, key: string, body: string): void => kept.keep(digest, key, answer(body));
  return { keep, of, time };
}

describe('an answer that is kept', () => {
  it('is that of the state that it was made of, and of no other, however they come', () => {
    const { keep, of } = setUp();
    expect(of('one', 'a')).toBeUndefined();
    keep('one', 'a', 'first');
    expect([of('one', 'a'), of('one', 'b')]).toEqual(['first', undefined]);
    expect(of('two', 'a')).toBeUndefined();
    keep('one', 'a', 'late'); // made of what is over
    expect(of('two', 'a')).toBeUndefined();
    expect(of('one', 'a')).toBeUndefined();
  });

  it('is forgotten after a while, as the clock goes on though nothing happens', () => {
    const { keep, of, time } = setUp();
    of('one', 'a');
    keep('one', 'a', 'first');
    time.now += AGE_MS - 1;
    expect(of('one', 'a')).toBe('first');
    time.now += 1;
    expect(of('one', 'a')).toBeUndefined();
  });

  it('takes no more room than there is: the oldest goes, and what fits nowhere is not kept', () => {
    const { keep, of } = setUp(10);
    of('one', '');
    for (const key of ['a', 'b', 'c']) keep('one', key, '1234');
    expect(['a', 'b', 'c'].map((key) => of('one', key))).toEqual([undefined, '1234', '1234']);
    keep('one', 'd', '12345678901');
    expect([of('one', 'd'), of('one', 'c')]).toEqual([undefined, '1234']);
    for (let times = 0; times < 5; times += 1) keep('one', 'b', '1234');
    expect([of('one', 'b'), of('one', 'c')]).toEqual(['1234', '1234']);
  });
});
