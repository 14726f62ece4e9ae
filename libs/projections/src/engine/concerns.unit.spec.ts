import { chainStream } from '@abland/domain';
import { describe, expect, it } from '@jest/globals';
import { concern, concernsOf } from './concerns.js';

const TOKEN = `0x${'aB'.repeat(20)}`;
const POOL = `0x${'9'.repeat(64)}`;
const of = (data: unknown, stream = chainStream(7)) =>
  concernsOf({ stream, data: data as Parameters<typeof concernsOf>[0]['data'] });

describe('what an event is about', () => {
  it('are the tokens and the pool that it names, once each, in whatever case', () => {
    expect(of({ poolId: POOL, tokenIn: TOKEN, tokenOut: TOKEN.toLowerCase(), user: POOL })).toEqual([
      concern(7, POOL),
      concern(7, TOKEN),
    ]);
    expect(of({ contract: TOKEN, from: POOL, amount: '1' })).toEqual([concern(7, TOKEN)]);
  });

  it.each([
    ['of no chain', { tokenAddress: TOKEN }, 'request-1'],
    ['that names something else', { tokenAddress: 'much', poolId: 7, token: null }, chainStream(7)],
    ['that has nothing', null, chainStream(7)],
  ])('is nothing of one %s', (_, data, stream) => expect(of(data, stream)).toEqual([]));
});
