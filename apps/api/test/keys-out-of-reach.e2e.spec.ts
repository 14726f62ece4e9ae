import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { Wallet } from 'ethers';
import { REQUEST_SIGN_IN, SIGN_IN, signIn } from './api-client.js';
import { ERASE_MY_DATA, ME, UPDATE_PROFILE } from './documents.js';
import { newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const PROFILE = { displayName: 'Ada', email: null, bio: null, avatarUri: null };
const ACCOUNT = '{ me { address lastSignedInAt } sessions { sessionId } }';

describe('while the keys of persons are out of reach', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  /** Nobody gets at them until the work is done. */
  async function withoutKeys(work: () => Promise<void>): Promise<void> {
    const client = await api.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('LOCK TABLE personal_keys.keys IN ACCESS EXCLUSIVE MODE');
      await work();
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }
  const readiness = async () => {
    const response = await fetch(`${api.client.url}/ready`);
    return { code: response.status, ...((await response.json()) as { status: string; checks: object }) };
  };

  it('a person who has a profile signs in and goes on, and is told that the profile alone is not to be had', async () => {
    const wallet = Wallet.createRandom();
    const client = await signIn(api.client, wallet);
    await client.query(UPDATE_PROFILE, { input: { idempotencyKey: newKey(), ...PROFILE } });
    await api.settle();
    await withoutKeys(async () => {
      const { requestSignIn } = await api.client.query(REQUEST_SIGN_IN, { address: wallet.address });
      const signature = await wallet.signMessage(requestSignIn.message);
      const document = SIGN_IN.replace('user { address }', 'user { address profile { displayName } }');
      const { data, errors } = await api.client.send(document, { message: requestSignIn.message, signature });
      expect(data?.signIn).toMatchObject({
        token: expect.any(String),
        user: { address: wallet.address, profile: null },
      });
      expect(errors).toMatchObject([
        { path: ['signIn', 'user', 'profile'], extensions: { code: 'SERVICE_UNAVAILABLE' } },
      ]);
      const now = api.client.as(data?.signIn.token);
      expect(await now.query(ACCOUNT)).toMatchObject({ me: { address: wallet.address } });
      expect(await now.refusal(ME)).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
      const { code, status, checks } = await readiness();
      expect([code, status]).toEqual([200, 'degraded']);
      expect(checks).toMatchObject({
        personalKeys: { ok: true, degraded: true, error: 'PERSONAL_KEYS_UNAVAILABLE' },
      });
    });
    expect((await client.query(ME)).me.profile.displayName).toBe('Ada');
  });

  it('they erase what they told, too: the key is destroyed once it can be had', async () => {
    const wallet = Wallet.createRandom();
    const client = await signIn(api.client, wallet);
    await client.query(UPDATE_PROFILE, { input: { idempotencyKey: newKey(), ...PROFILE } });
    await withoutKeys(async () => {
      await client.query(ERASE_MY_DATA, {
        input: { idempotencyKey: newKey(), confirmAddress: wallet.address },
      });
    });
    const types = (await api.events(userStream(wallet.address))).map(({ type }) => type);
    expect(types).toContain('UserErased');
  });
});

describe('a person who has a profile', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  it('is read on from a snapshot, which holds nothing of it, and a profile told again is still known', async () => {
    const wallet = Wallet.createRandom();
    const client = await signIn(api.client, wallet);
    const input = { idempotencyKey: newKey(), ...PROFILE, displayName: 'Ada of Analytical' };
    await client.query(UPDATE_PROFILE, { input });
    const at = new Date(0).toISOString();
    const signIns = Array.from({ length: 250 }, () => ({
      ...{ id: crypto.randomUUID(), type: 'UserSignedIn', version: 1, data: { address: wallet.address, at } },
      metadata: { correlationId: crypto.randomUUID(), causationId: null, actor: wallet.address },
    }));
    await api.store.append(userStream(wallet.address), signIns, 'any');
    const refused = { input: { ...input, displayName: 'Another' } };
    for (let time = 0; time < 2; time += 1) {
      expect((await client.refusal(UPDATE_PROFILE, refused)).extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
      await client.query(UPDATE_PROFILE, { input });
      await api.store.aggregates.settle();
    }
    const { rows } = await api.pool.query<{ state: string; revision: string }>(
      'SELECT state, revision FROM snapshots.aggregates WHERE stream = $1',
      [userStream(wallet.address)],
    );
    expect(Number(rows[0]?.revision)).toBeGreaterThan(200);
    expect(rows[0]?.state).not.toMatch(/Ada|encryptedFor/);
  });
});
