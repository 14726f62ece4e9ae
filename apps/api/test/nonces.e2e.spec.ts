import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { REQUEST_SIGN_IN, signIn } from './api-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const HOUR_MS = 3_600_000;

describe('sign-in nonces', () => {
  let api: TestApi;
  let admin: pg.Client;
  beforeAll(async () => {
    api = await startTestApi();
    admin = new pg.Client({ connectionString: api.databaseUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await api.stop();
  });
  const kept = async (): Promise<number | null> =>
    (await admin.query('SELECT FROM api.sign_in_nonces')).rowCount;

  it('leave nothing behind, however many somebody asks for who never signs', async () => {
    const { address } = Wallet.createRandom();
    const asked = await Promise.all(
      Array.from({ length: 50 }, () => api.client.query(REQUEST_SIGN_IN, { address })),
    );
    expect(new Set(asked.map(({ requestSignIn }) => requestSignIn.message)).size).toBe(50);
    expect(await kept()).toBe(0);
  });

  it('are kept once they were used, and for as long as they would be told of', async () => {
    for (let time = 0; time < 3; time += 1) await signIn(api.client, Wallet.createRandom());
    expect(await kept()).toBe(3);
    api.clock.advance(2 * HOUR_MS);
    await signIn(api.client, Wallet.createRandom());
    expect(await kept()).toBe(1);
  });
});
