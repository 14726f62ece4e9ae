import { describe, expect, it } from '@jest/globals';
import { cidOf } from './cid.js';

describe('a content identifier', () => {
  it('is what IPFS gives the same bytes as one raw block', () => {
    expect(cidOf(Buffer.from('hello world'))).toBe(
      'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
    );
    expect(cidOf(new Uint8Array())).toBe('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku');
  });
});
