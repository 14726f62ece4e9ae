import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  apiKeyHashOf,
  apiKeyStartOf,
  apiKeyTextOf,
  isApiKeyText,
  isSecretOf,
  newApiKeySecret,
  parseApiKeyText,
} from './api-key-text.js';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const made = () => ({ keyId: randomUUID() as string, address: ADDRESS, secret: newApiKeySecret() });

describe('the text of an API key', () => {
  it('says which key it is and whose, and fits into the header of a token', () => {
    const key = made();
    const text = apiKeyTextOf(key);
    expect(text).toMatch(/^ablk_[A-Za-z0-9_-]{96}$/);
    expect([isApiKeyText(text), parseApiKeyText(text)]).toEqual([true, key]);
    expect(text.startsWith(apiKeyStartOf(key.keyId))).toBe(true);
  });

  it('begins with nothing of its secret', () => {
    const key = made();
    expect(apiKeyStartOf(key.keyId)).toBe(apiKeyStartOf(key.keyId));
    expect(apiKeyTextOf({ ...key, secret: newApiKeySecret() }).slice(0, 13)).toBe(apiKeyStartOf(key.keyId));
  });

  it('is none with any character changed, left out or added', () => {
    const text = apiKeyTextOf(made());
    for (let at = 5; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect(parseApiKeyText(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
    for (const one of [text.slice(1), text.slice(0, -1), `${text}A`, '', 'ablk_', text.toUpperCase()])
      expect(parseApiKeyText(one)).toBeNull();
  });

  it('is held against a hash that tells nobody its secret', () => {
    const { secret } = made();
    const hash = apiKeyHashOf(secret);
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(hash).not.toContain(secret.toString('hex'));
    expect([isSecretOf(secret, hash), isSecretOf(newApiKeySecret(), hash)]).toEqual([true, false]);
  });
});
