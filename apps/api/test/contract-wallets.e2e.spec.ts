import { RpcUnavailableError } from '@abland/chain';
import { userStream } from '@abland/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashMessage, Wallet } from 'ethers';
import type { IsSignedByContract } from '../src/wallets/contract-wallets.js';
import { type ApiClient, SIGN_IN, signInToken } from './api-client.js';
import { OtherProcesses } from './other-processes.js';
import { startTestApi, type TestApi } from './test-api.js';

const [CHAIN, OTHER_CHAIN] = [31337, 4242];
const REQUEST = `mutation ($address: Address!, $chainId: Int) {
  requestSignIn(address: $address, chainId: $chainId) { message }
}`;
/** A contract has one, and no key. */
const WALLET = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const SIGNATURE = `0x${'5c'.repeat(97)}`;

let api: TestApi;
let client: ApiClient;
let signs: IsSignedByContract = () => Promise.resolve(false);
const asked: Parameters<IsSignedByContract>[] = [];
const others = new OtherProcesses(() => api);

beforeAll(async () => {
  api = await startTestApi({ chainIds: [CHAIN, OTHER_CHAIN] });
  const isSignedByContract: IsSignedByContract = (...given) => {
    asked.push(given);
    return signs(...given);
  };
  client = await others.start({}, { isSignedByContract });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

const messageFor = async (chainId: number | null = null): Promise<string> =>
  (await client.query(REQUEST, { address: WALLET, chainId })).requestSignIn.message;

describe('a wallet that is a contract', () => {
  it('signs in where its contract says that it signed, on the chain that the message names', async () => {
    signs = () => Promise.resolve(true);
    for (const [chainId, named] of [
      [null, CHAIN],
      [OTHER_CHAIN, OTHER_CHAIN],
    ] as const) {
      const message = await messageFor(chainId);
      expect(message).toContain(`Chain ID: ${named}`);
      const { token, user } = (await client.query(SIGN_IN, { message, signature: SIGNATURE })).signIn;
      expect(user.address).toBe(WALLET);
      expect((await client.as(token).query('{ me { address } }')).me.address).toBe(WALLET);
      const claim = { address: WALLET, hash: hashMessage(message), signature: SIGNATURE };
      expect(asked.at(-1)).toEqual([named, claim]);
    }
    const types = (await api.events(userStream(WALLET))).map(({ type }) => type);
    expect(types.filter((type) => type === 'SessionStarted')).toHaveLength(2);
  });

  it('does not where it says that it did not, and is asked of nothing that is wrong besides', async () => {
    signs = () => Promise.resolve(false);
    const message = await messageFor();
    const refused = async (given: object): Promise<string> =>
      (await client.refusal(SIGN_IN, { message, signature: SIGNATURE, ...given })).extensions.code;
    expect(await refused({})).toBe('SIGN_IN_SIGNATURE_INVALID');
    asked.length = 0;
    signs = () => Promise.resolve(true);
    expect(await refused({ message: message.replace('Nonce: ', 'Nonce: 0') })).toBe('SIGN_IN_NONCE_UNKNOWN');
    expect(await refused({ message: message.replace(`Chain ID: ${CHAIN}`, 'Chain ID: 5') })).toBe(
      'SIGN_IN_CHAIN_MISMATCH',
    );
    expect(asked).toEqual([]);
    expect((await client.refusal(REQUEST, { address: WALLET, chainId: 5 })).extensions.code).toBe(
      'UNKNOWN_CHAIN',
    );
  });

  it('may try again where its chain is out of reach: the nonce is as it was', async () => {
    const message = await messageFor();
    signs = () => Promise.reject(new RpcUnavailableError('No provider answers'));
    const { code } = (await client.refusal(SIGN_IN, { message, signature: SIGNATURE })).extensions;
    expect(code).toBe('SERVICE_UNAVAILABLE');
    signs = () => Promise.resolve(true);
    expect((await client.query(SIGN_IN, { message, signature: SIGNATURE })).signIn.user.address).toBe(WALLET);
    const again = await client.refusal(SIGN_IN, { message, signature: SIGNATURE });
    expect(again.extensions.code).toBe('SIGN_IN_NONCE_USED');
  });

  it('is not asked for where an account signed', async () => {
    asked.length = 0;
    await signInToken(client, Wallet.createRandom());
    expect(asked).toEqual([]);
  });

  it('signs in nowhere where chains are not asked', async () => {
    const { message } = (await api.client.query(REQUEST, { address: WALLET })).requestSignIn;
    const { code } = (await api.client.refusal(SIGN_IN, { message, signature: SIGNATURE })).extensions;
    expect(code).toBe('SIGN_IN_SIGNATURE_INVALID');
  });
});
