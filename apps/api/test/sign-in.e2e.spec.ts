import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { Wallet } from 'ethers';
import { SiweMessage } from 'siwe';
import { REQUEST_SIGN_IN, SIGN_IN, signIn } from './api-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const ME = '{ me { address registeredAt } }';
const MINUTE_MS = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const request = async (address: string): Promise<string> =>
  (await api.client.query(REQUEST_SIGN_IN, { address })).requestSignIn.message;

/** The refusal of a sign-in, and proof that it left nothing in the log. */
async function refused(message: string, signature: string) {
  const before = await api.store.head();
  const { extensions } = await api.client.refusal(SIGN_IN, { message, signature });
  expect(await api.store.head()).toBe(before);
  return { code: extensions.code, field: extensions.field };
}

const edited = (message: string, change: Partial<SiweMessage>): string =>
  new SiweMessage({ ...new SiweMessage(message), ...change }).prepareMessage();

describe('signing in', () => {
  it('gives a session to who signed the message and records the registration once', async () => {
    const wallet = Wallet.createRandom();
    const client = await signIn(api.client, wallet);
    await api.settle();
    const { me } = await client.query(ME);
    expect(me.address).toBe(wallet.address);
    expect(me.registeredAt).toMatch(/^\d{4}-.*Z$/);
    await signIn(api.client, wallet);
    const events = await api.events(userStream(wallet.address));
    expect(events.map(({ type }) => type)).toEqual([
      ...['UserRegistered', 'UserSignedIn', 'SessionStarted'],
      ...['UserSignedIn', 'SessionStarted'],
    ]);
    expect(events[0]?.metadata.actor).toBe(wallet.address);
  });

  it('takes an address in lower case and answers with its checksum', async () => {
    const wallet = Wallet.createRandom();
    expect(await request(wallet.address.toLowerCase())).toContain(wallet.address);
  });

  it('refuses an address with a wrong checksum', async () => {
    const address = '0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
    const { extensions } = await api.client.refusal(REQUEST_SIGN_IN, { address });
    expect(extensions).toMatchObject({ code: 'WRONG_CHECKSUM', field: 'address' });
  });

  it('refuses a nonce that was used', async () => {
    const wallet = Wallet.createRandom();
    const message = await request(wallet.address);
    const signature = await wallet.signMessage(message);
    await api.client.query(SIGN_IN, { message, signature });
    expect(await refused(message, signature)).toEqual({ code: 'SIGN_IN_NONCE_USED', field: 'message' });
  });

  it('lets one of many at once use a nonce', async () => {
    const wallet = Wallet.createRandom();
    const message = await request(wallet.address);
    const signature = await wallet.signMessage(message);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.client.send(SIGN_IN, { message, signature })),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    const codes = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
    expect(new Set(codes)).toEqual(new Set(['SIGN_IN_NONCE_USED']));
  });

  it('refuses a nonce that was never given out, and one given to another address', async () => {
    const [mine, theirs] = [Wallet.createRandom(), Wallet.createRandom()];
    const message = edited(await request(mine.address), { nonce: 'abcdef0123456789' });
    expect(await refused(message, await mine.signMessage(message))).toEqual({
      code: 'SIGN_IN_NONCE_UNKNOWN',
      field: 'message',
    });
    const stolen = edited(await request(mine.address), { address: theirs.address });
    expect(await refused(stolen, await theirs.signMessage(stolen))).toMatchObject({
      code: 'SIGN_IN_NONCE_UNKNOWN',
    });
  });

  it('refuses the signature of another address and leaves the nonce to its owner', async () => {
    const wallet = Wallet.createRandom();
    const message = await request(wallet.address);
    const forged = await Wallet.createRandom().signMessage(message);
    expect(await refused(message, forged)).toEqual({ code: 'SIGN_IN_SIGNATURE_INVALID', field: 'signature' });
    expect(await refused(message, '0x1234')).toMatchObject({ code: 'SIGN_IN_SIGNATURE_INVALID' });
    const signature = await wallet.signMessage(message);
    await api.client.query(SIGN_IN, { message, signature });
  });

  it('refuses a message for another site, URI or chain, and what is no message', async () => {
    const wallet = Wallet.createRandom();
    const given = await request(wallet.address);
    const cases: [Partial<SiweMessage>, string][] = [
      [{ domain: 'evil.example' }, 'SIGN_IN_DOMAIN_MISMATCH'],
      [{ uri: 'https://evil.example' }, 'SIGN_IN_DOMAIN_MISMATCH'],
      [{ chainId: 1 }, 'SIGN_IN_CHAIN_MISMATCH'],
    ];
    for (const [change, code] of cases) {
      const message = edited(given, change);
      expect(await refused(message, await wallet.signMessage(message))).toEqual({ code, field: 'message' });
    }
    expect(await refused('hello', await wallet.signMessage('hello'))).toEqual({
      code: 'SIGN_IN_MESSAGE_INVALID',
      field: 'message',
    });
  });

  it('refuses a message that is far longer than ours before it takes time to read it', async () => {
    const wallet = Wallet.createRandom();
    const long = edited(await request(wallet.address), {
      resources: [`https://long.example/${'a'.repeat(2_048)}`],
    });
    expect(await refused(long, await wallet.signMessage(long))).toEqual({
      code: 'SIGN_IN_MESSAGE_INVALID',
      field: 'message',
    });
  });

  it('refuses a message whose five minutes are over, whatever it says itself', async () => {
    const wallet = Wallet.createRandom();
    const given = await request(wallet.address);
    const later = edited(given, { expirationTime: '2999-01-01T00:00:00.000Z' });
    api.clock.advance(6 * MINUTE_MS);
    for (const message of [given, later]) {
      expect(await refused(message, await wallet.signMessage(message))).toEqual({
        code: 'SIGN_IN_EXPIRED',
        field: 'message',
      });
    }
  });
});

describe('a session', () => {
  const asked = async (token: string | undefined) => {
    const client = token === undefined ? api.client : api.client.as(token);
    const { extensions } = await client.refusal(ME);
    return { code: extensions.code, field: extensions.field, reason: extensions.details['reason'] };
  };
  it('is asked for where there is none', async () => {
    expect(await asked(undefined)).toEqual({
      code: 'UNAUTHENTICATED',
      field: 'authorization',
      reason: 'MISSING',
    });
  });

  it('does not stand in the way of signing in again when it is bad', async () => {
    await signIn(api.client.as('nonsense'), Wallet.createRandom());
  });
});
