import { describe, expect, it } from '@jest/globals';
import { makeError } from 'ethers';
import fc from 'fast-check';
import { messageOf, reasonOf } from './reason.js';

describe('the reason of a failed attempt', () => {
  it('has no URL of a provider, where keys often are', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https', 'ws', 'wss'] }),
        (url) => {
          const said = reasonOf(new Error(`request to ${url}, failed: "${url}" (${url})`));
          expect(said).not.toContain('://');
          expect(said).toMatch(/^request to the provider/);
        },
      ),
    );
    const secret = 'wss://me:pa$$w@rpc.example:8546/v3/0123abc?key=s3cret#x';
    expect(reasonOf(new Error(`${secret} does not answer`))).toBe('the provider does not answer');
    expect(reasonOf(`HTTPS://RPC.EXAMPLE/KEY`)).toBe('the provider');
  });

  it('is the gist of what ethers says, not the request that it failed for', () => {
    const error = makeError('missing response', 'SERVER_ERROR', { request: 'https://x/key' as never });
    expect(error.message).toContain('https://x/key');
    expect(reasonOf(error)).toBe('missing response');
  });

  it('is short and well-formed, whatever is thrown', () => {
    expect(reasonOf(new Error('😀'.repeat(1_000))).length).toBeLessThanOrEqual(500);
    expect(reasonOf(new Error(`a${'😀'.repeat(1_000)}`)).isWellFormed()).toBe(true);
    expect(reasonOf(undefined)).toBe('undefined');
  });

  it('is looked for in the beginning of what a node says, however much that is', () => {
    const nonces = 'nonce '.repeat(1_000_000);
    const errors = [
      nonces,
      new Error(nonces),
      Object.assign(new Error(nonces), { error: { message: nonces } }),
    ];
    for (const error of errors) expect(messageOf(error).length).toBeLessThan(10_000);
  });
});
