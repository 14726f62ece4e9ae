import { describe, expect, it } from '@jest/globals';
import { matchPath } from './paths.js';

describe('a path of the app', () => {
  it('is of a pattern with as many parts, the same where the pattern names none', () => {
    expect(matchPath('/tokens/:address', '/tokens/0xA1')).toEqual({ address: '0xA1' });
    expect(matchPath('/tokens/:address', '/tokens/0xA1/')).toEqual({ address: '0xA1' });
    expect(matchPath('/', '/')).toEqual({});
    expect(matchPath('/tokens', '/tokens')).toEqual({});
  });

  it.each([
    ['/tokens/:address', '/tokens'],
    ['/tokens/:address', '/tokens/a/b'],
    ['/tokens/:address', '/pools/a'],
    ['/tokens/:address', '/tokens/%E0%A4%A'],
    ['/', '/tokens'],
  ])('is not of %s where it is %s', (pattern, path) => {
    expect(matchPath(pattern, path)).toBeNull();
  });
});
