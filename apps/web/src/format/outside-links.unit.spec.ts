import { describe, expect, it } from '@jest/globals';
import { outsideLink } from './outside-links.js';

describe('a link that a stranger wrote', () => {
  it('is followed by https, and to IPFS by a gateway, with its host told', () => {
    expect(outsideLink(' https://example.org/a?b ')).toEqual({
      ...{ href: 'https://example.org/a?b', host: 'example.org' },
    });
    expect(outsideLink('ipfs://bafyabc/logo.png')).toEqual({
      ...{ href: 'https://ipfs.io/ipfs/bafyabc/logo.png', host: 'ipfs.io' },
    });
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>',
    'http://example.org',
    'https://user:password@example.org',
    'ipfs://../../etc',
    'ipfs:bafyabc',
    'ipfs://a/../../b',
    'vbscript:x',
    'no link',
    '',
  ])('is text where it is %j', (text) => {
    expect(outsideLink(text)).toBeNull();
  });

  it('has its host as a browser writes it, so that letters of another script show', () => {
    expect(outsideLink('https://exаmple.org')?.host).toBe('xn--exmple-4nf.org');
  });
});
