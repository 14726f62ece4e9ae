import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { type EventStore, type NewEvent, silentLogger } from '@abland/kernel';
import { openEventStore } from '@abland/event-codec';
import { Wallet } from 'ethers';
import { v4 as uuid } from 'uuid';
import { createApiClient } from '../src/demo/api-client.js';
import { REQUEST_SIGN_IN, SIGN_IN } from '../src/demo/documents.js';
import { findRunning } from '../src/start/running-file.js';
import { SystemUnderTest } from './system-under-test.js';

const EARLIER_SIGN_INS = 400;
const WITHIN_MS = 120_000;

/** Somebody who signs in all the time: the one stream of commands that has no end. */
describe('a user with a long stream', () => {
  const wallet = Wallet.createRandom();
  let system: SystemUnderTest;
  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
  });
  afterAll(() => system.remove());

  async function signIn(): Promise<void> {
    const api = createApiClient(system.apiUrl);
    const asked = await api.query<{ requestSignIn: { message: string } }>(REQUEST_SIGN_IN, {
      address: wallet.address,
    });
    const { message } = asked.requestSignIn;
    await api.query(SIGN_IN, { message, signature: await wallet.signMessage(message) });
  }

  async function withStore<Result>(work: (store: EventStore) => Promise<Result>): Promise<Result> {
    const running = await findRunning(system.dataDir);
    const store = await openEventStore(running?.databaseUrl ?? '', silentLogger);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  const events = (): Promise<number> =>
    withStore(async (store) => {
      let count = 0;
      for await (const page of store.readStream(userStream(wallet.address))) count += page.length;
      return count;
    });

  /** What the API tells Prometheus of its snapshots. */
  async function snapshots(outcome: string): Promise<number> {
    const metrics = await (await fetch(`${system.apiUrl}/metrics`)).text();
    return Number(
      new RegExp(`^abland_snapshots_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(metrics)?.[1],
    );
  }

  it('is loaded from a snapshot, also after everything was killed', async () => {
    await signIn();
    const earlier = Array.from({ length: EARLIER_SIGN_INS }, (_, index): NewEvent => {
      const at = new Date(Date.parse('2026-01-01T00:00:00.000Z') + index * 1_000).toISOString();
      const metadata = { correlationId: uuid(), causationId: null, actor: wallet.address };
      const data = { address: wallet.address, at };
      return { id: uuid(), type: 'UserSignedIn', version: 1, data, metadata };
    });
    await withStore((store) => store.append(userStream(wallet.address), earlier, 'any'));
    await signIn();
    for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline && (await snapshots('saved')) === 0;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await snapshots('saved')).toBe(1);

    await system.kill('everything');
    await system.start();
    await signIn();
    expect({ used: await snapshots('used'), whole: await snapshots('folded_whole') }).toEqual({
      used: 1,
      whole: 0,
    });
    // Registered once; of each of the three sign-ins that, and its session.
    expect(await events()).toBe(1 + EARLIER_SIGN_INS + 3 * 2);
  });
});
