import { describe, expect, it } from '@jest/globals';
import { AblandError } from '@abland/kernel';
import fc from 'fast-check';
import { loggable } from './loggable.js';

const KEY = 'SECRETKEY0123456789abcdef';

class Client {
  readonly secretKey = 7;
  readonly connectionParameters = { host: 'db', password: KEY };
}
class Refused extends AblandError {
  readonly code = 'REFUSED';
}
const urlOf = (error: unknown): string => JSON.stringify(loggable({ err: error }));

describe('what may stand in a log', () => {
  it('has no secret at any depth', () => {
    const deep = (depth: number, item: object): object =>
      depth === 0 ? item : { a: [deep(depth - 1, item)] };
    for (const depth of [0, 1, 2, 3]) {
      for (const key of ['password', 'privateKey', 'JWT_SECRET', 'Authorization', 'signature', 'email']) {
        const text = JSON.stringify(loggable(deep(depth, { [key]: KEY, other: 'kept' })));
        expect(text).toContain('kept');
        expect(text).not.toContain(KEY);
      }
    }
  });

  it('has no key of a URL in an error, its cause, its parts, its details or its stack', () => {
    const url = `https://eth.example/v3/${KEY}`;
    const inner = new Error(`${url} is away`);
    const errors = [
      inner,
      new Refused('no', { url, urls: [url] }, inner),
      new Error('outer', { cause: new Error('middle', { cause: inner }) }),
      new AggregateError([inner, new Refused(url)], ''),
      new Error('an odd cause', { cause: { response: { config: { url } } } }),
    ];
    for (const error of errors) {
      expect(urlOf(error)).toContain('eth.example');
      expect(urlOf(error)).not.toContain(KEY);
    }
  });

  it('says of a lost connection what happened, not the client that lost it', () => {
    const error = Object.assign(new Error('Connection terminated unexpectedly'), {
      code: 'ECONNRESET',
      client: new Client(),
    });
    const { err } = loggable({ err: error }) as { err: Record<string, unknown> };
    expect(Object.keys(err).toSorted()).toEqual(['code', 'message', 'stack', 'type']);
    expect(loggable({ client: new Client() })).toEqual({ client: '[Client]' });
  });

  it('ends for what never ends, and keeps lines short', () => {
    const circle: Record<string, unknown> = {
      text: 'x'.repeat(100_000),
      list: Array.from({ length: 5_000 }),
    };
    circle['self'] = circle;
    const causes = new Error('first');
    causes.cause = causes;
    expect(JSON.stringify(loggable({ circle, causes })).length).toBeLessThan(30_000);
  });

  it('is JSON, whatever is given', () => {
    fc.assert(
      fc.property(fc.object({ withBigInt: true, withDate: true, withTypedArray: true }), (fields) => {
        expect(() => JSON.stringify(loggable(fields))).not.toThrow();
      }),
    );
    expect(loggable({ amount: 7n, at: [1n] })).toEqual({ amount: '7', at: ['1'] });
  });
});
