import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutSecrets } from './without-secrets.js';

const KEY = 'SECRETKEY0123456789abcdef';

describe('a text without secrets', () => {
  it.each([
    [`https://mainnet.example/v3/${KEY}`, 'https://mainnet.example/…'],
    [`WSS://eth.example:8546/?key=${KEY}`, 'WSS://eth.example:8546/…'],
    [`https://me:${KEY}@node.example`, 'https://node.example'],
    [`postgres://abland:${KEY}@10.0.0.1:5432/abland`, 'postgres://10.0.0.1:5432/…'],
    [`postgres://abland:pa/s@${KEY}@db/abland`, 'postgres://db/…'],
    [`esdb://admin:${KEY}@one:2113,two:2113?tls=true`, 'esdb://one:2113,two:2113/…'],
    [`esdb+discover://admin:${KEY}@[::1]:2113?tls=true`, 'esdb+discover://[::1]:2113/…'],
    [`rediss://:${KEY}@cache:6379/0`, 'rediss://cache:6379/…'],
    [`https://node.example/it's(${KEY})/v2`, 'https://node.example/…'],
    [`https://node.example/a'${KEY}'`, "https://node.example/…'"],
    [`esdb://admin:${KEY} and a blank@one:2113`, 'esdb://… and a blank@one:2113'],
  ])('keeps of %s the protocol and the host', (url, shown) => {
    expect(withoutSecrets(`"${url}" does not answer`)).toBe(`"${shown}" does not answer`);
  });

  it('leaves what tells nothing as it is', () => {
    const trace = 'at run (file:///app/libs/chain/src/rpc/chain-rpc.ts:52:11)';
    const quoted = "it is 'http://localhost:4000/' (https://node.example), or 'wss://[::1]:8546'";
    for (const text of [
      trace,
      quoted,
      'http://localhost:4000/',
      'No API at http://localhost:4000: is it up?',
      '',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });

  it('never shows what is behind a host, whatever a URL is made of', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const { protocol, host } = new URL(url);
        fc.pre(!/[:@]/.test(host));
        const shown = withoutSecrets(`failed: ${url}`);
        expect(shown).toMatch(/^failed: https?:\/\/[\w.:-]+\/?…?[.,;:!?')]*$|^failed: https?:\/\/…/);
        expect(shown.startsWith(`failed: ${protocol}//`)).toBe(true);
      }),
    );
  });

  it('never shows a path, a query or a user of a URL', () => {
    const text = fc.stringMatching(/^[a-z0-9_-]{12,40}$/);
    fc.assert(
      fc.property(text, text, fc.domain(), (user, path, host) => {
        fc.pre(!host.includes(path) && !host.includes(user));
        const shown = withoutSecrets(`failed: https://${user}:${path}@${host}/${path}?k=${path}, twice`);
        expect(shown).not.toContain(path);
        expect(shown).not.toContain(user);
        expect(shown).toContain(host);
      }),
    );
  });
});
