import { describe, expect, it } from '@jest/globals';
import { verifyTypedData, Wallet } from 'ethers';
import { parse } from 'graphql';
import { confirmationOf, requireSignInMessage } from './confirmation.js';
import { ApiRefusal, WrongSignatureRequest } from './errors.js';

const wallet = Wallet.createRandom();
const site = 'ab.land';
const nonce = 'a1'.repeat(32);
const expiresAt = '2026-01-01T12:05:00.000Z';
const asked = {
  document: parse('mutation ($input: Input!) { erase(input: $input) { done } }'),
  variables: { input: { reason: 'Asked by letter', address: '0x12', absent: undefined } },
  site,
};
const ours = {
  ...{ site, account: wallet.address.toLowerCase(), act: 'erase', nonce, expiresAt },
  arguments: '{"input":{"address":"0x12","reason":"Asked by letter"}}',
};
const TYPES = {
  Act: ['site', 'account', 'act', 'arguments', 'nonce', 'expiresAt'].map((name) => ({
    name,
    type: name === 'account' ? 'address' : 'string',
  })),
};
const confirm = (typedData: unknown): Promise<string> => {
  const details = { reason: 'MISSING', typedData };
  const told = { field: null, details, correlationId: null, retryAfterMs: null };
  return confirmationOf(new ApiRefusal('CONFIRMATION_NEEDED', 'Sign', told), asked, wallet);
};

describe('the confirmation of an act', () => {
  it('is of a domain and of types of our own, whatever the server tells beside', async () => {
    const permit = [{ name: 'spender', type: 'address' }];
    const typedData = {
      domain: { name: 'Token', version: '1', chainId: 1, verifyingContract: wallet.address },
      types: { Permit: permit },
      primaryType: 'Permit',
      message: { ...ours, spender: wallet.address },
    };
    const [told, signature = ''] = (await confirm(typedData)).split('.');
    expect(told).toBe(nonce);
    const message = { ...ours, account: wallet.address };
    expect(verifyTypedData({ name: 'AB.LAND', version: '1' }, TYPES, message, signature)).toBe(
      wallet.address,
    );
  });

  it.each([
    ['of another act', { act: 'grantRole' }],
    ['with other arguments', { arguments: '{"input":{"address":"0x13","reason":"Asked by letter"}}' }],
    [
      'with more arguments',
      { arguments: '{"input":{"address":"0x12","all":true,"reason":"Asked by letter"}}' },
    ],
    ['at another site', { site: 'ab.land.example' }],
    ['by another', { account: `0x${'1'.repeat(40)}` }],
    ['with no nonce', { nonce: 'once' }],
    ['with arguments that are no text', { arguments: 7 }],
  ])('is not given %s', async (_, over) => {
    await expect(confirm({ message: { ...ours, ...over } })).rejects.toBeInstanceOf(WrongSignatureRequest);
  });

  it.each([[undefined], [null], ['text'], [{}], [{ message: null }]])(
    'is not given of %j',
    async (typedData) => {
      await expect(confirm(typedData)).rejects.toBeInstanceOf(WrongSignatureRequest);
    },
  );
});

describe('what is signed to sign in', () => {
  const message = (over: { host?: string; uri?: string; address?: string } = {}): string => {
    const { address = wallet.address, host = site, uri = `https://${site}` } = over;
    return `${host} wants you to sign in with your Ethereum account:
${address}

Sign in to AB.LAND. This sends no transaction and costs nothing.

URI: ${uri}
Version: 1
Chain ID: 31337
Nonce: ${nonce}
Issued At: 2026-01-01T12:00:00.000Z
Expiration Time: ${expiresAt}`;
  };

  it('is a message for this site and this wallet, and nothing else', () => {
    expect(() => requireSignInMessage(message(), site, wallet.address)).not.toThrow();
    for (const other of [
      message({ host: 'other.example' }),
      message({ uri: 'https://other.example' }),
      message({ address: `0x${'1'.repeat(40)}` }),
      `${message()}\nResources:\n- https://other.example`,
      'I owe you all my coins',
    ])
      expect(() => requireSignInMessage(other, site, wallet.address)).toThrow(WrongSignatureRequest);
  });
});
