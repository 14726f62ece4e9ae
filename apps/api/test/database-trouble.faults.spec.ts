import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, Gate, untilOneWaits } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { REQUEST_SIGN_IN, SIGN_IN } from './api-client.js';
import { PATIENT, startTestApi, type TestApi } from './test-api.js';

const SWAPS = '{ swaps(first: 1) { edges { node { id } } } }';
const TOKENS = '{ tokens(first: 1) { edges { node { symbol } } } }';
const UNAVAILABLE = [
  expect.objectContaining({ extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) }),
];

/** Promised are ten seconds of readiness, fifteen of a stop and twenty of an answer, of a machine that has nothing else to do. */
const SOON_MS = 45_000;

const timed = async <Result>(work: Promise<Result>): Promise<readonly [Result, number]> => {
  const begun = performance.now();
  return [await work, performance.now() - begun];
};

describe('the API where somebody holds a lock on a table', () => {
  let api: TestApi;
  let holder: pg.Client;
  const start = async (limits = {}): Promise<void> => {
    api = await startTestApi({ limits });
    holder = new pg.Client({ connectionString: api.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE read_model.swaps IN ACCESS EXCLUSIVE MODE');
  };
  afterEach(async () => {
    await holder?.end();
    await api?.stop();
  });

  it('refuses ten queries of that table soon, and answers those of others meanwhile', async () => {
    await start();
    const waiting = Array.from({ length: 10 }, () => timed(api.client.send(SWAPS)));
    await untilOneWaits(holder);
    const [tokens, tokensMs] = await timed(api.client.send(TOKENS));
    expect(tokens.errors).toEqual([]);
    expect(tokensMs).toBeLessThan(SOON_MS);
    expect((await fetch(`${api.client.url}/health`)).status).toBe(200);
    for (const [{ errors }, ms] of await Promise.all(waiting)) {
      expect(errors).toEqual(UNAVAILABLE);
      expect(ms).toBeLessThan(SOON_MS);
    }
  });

  it('is not ready, names the table, and is ready again once it is unlocked', async () => {
    await start();
    const ready = async () => {
      const response = await fetch(`${api.client.url}/ready`);
      return { ...((await response.json()) as object), status: response.status };
    };
    await eventually(async () =>
      expect(await ready()).toMatchObject({
        status: 503,
        checks: {
          ...{ database: { ok: true }, store: { ok: true } },
          readModels: { ok: false, error: 'READ_MODEL_LOCKED', locked: expect.arrayContaining(['swaps']) },
        },
      }),
    );
    expect((await api.client.send(TOKENS)).errors).toEqual([]);
    await holder.query('ROLLBACK');
    await eventually(async () =>
      expect(await ready()).toMatchObject({ status: 200, checks: { readModels: { ok: true } } }),
    );
  });

  it('answers what it has in hand when it is told to stop', async () => {
    await start(PATIENT);
    const asked = api.client.send(SWAPS);
    await untilOneWaits(holder);
    const stopped = api.stopServing();
    await sleep(300);
    await holder.query('ROLLBACK');
    expect((await asked).errors).toEqual([]);
    await stopped;
  });
});

describe('the API where the database says nothing any more', () => {
  let api: TestApi;
  let gate: Gate;
  beforeEach(async () => {
    api = await startTestApi({
      databaseUrl: async (url) => {
        gate = await Gate.inFrontOf(url);
        return gate.url;
      },
    });
  });
  afterEach(async () => {
    await api?.stop();
    await gate?.close();
  });

  it('says soon that it is not ready, and refuses every request', async () => {
    gate.deafen({ alsoNew: true });
    const requests = [
      api.client.send(SWAPS),
      api.client.send(TOKENS),
      api.client.send('{ _meta(chainId: 31337) { position } }'),
    ].map(timed);
    const [ready, readyMs] = await timed(fetch(`${api.client.url}/ready`));
    expect(ready.status).toBe(503);
    expect(readyMs).toBeLessThan(SOON_MS);
    for (const [{ errors }, ms] of await Promise.all(requests)) {
      expect(errors).toEqual(UNAVAILABLE);
      expect(ms).toBeLessThan(SOON_MS);
    }
    expect((await timed(api.stopServing()))[1]).toBeLessThan(SOON_MS);
  });

  it('answers again over new connections where those that it had are silent', async () => {
    gate.deafen({ alsoNew: false });
    const begun = performance.now();
    while ((await api.client.send(TOKENS)).errors.length > 0) {
      expect(performance.now() - begun).toBeLessThan(50_000);
    }
  });
});

describe('the API where the database takes nothing for a while', () => {
  let api: TestApi;
  let admin: pg.Client;
  afterEach(async () => {
    await admin?.end();
    await api?.stop();
  });

  it('is not ready, answers what can be read, refuses the rest by name, and goes on afterwards', async () => {
    api = await startTestApi();
    const wallet = Wallet.createRandom();
    const { message } = (await api.client.query(REQUEST_SIGN_IN, { address: wallet.address })).requestSignIn;
    const signed = { message, signature: await wallet.signMessage(message) };
    admin = new pg.Client({ connectionString: api.databaseUrl });
    await admin.connect();
    const database = `ALTER DATABASE ${admin.database ?? ''}`;
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await admin.query(`${database} SET default_transaction_read_only = on`);
    await admin.query(cut);
    await eventually(async () => {
      const ready = await fetch(`${api.client.url}/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        ...[503, { checks: { database: { error: 'READ_ONLY' } } }],
      ]);
    });
    // Each connection that was cut may be seen to be by one request.
    await eventually(async () => expect((await api.client.send(TOKENS)).errors).toEqual([]));
    expect((await api.client.send(SIGN_IN, signed)).errors).toEqual(UNAVAILABLE);
    await admin.query('SET default_transaction_read_only = off');
    await admin.query(`${database} RESET default_transaction_read_only`);
    await admin.query(cut);
    await eventually(async () => expect((await api.client.send(SIGN_IN, signed)).errors).toEqual([]));
  });
});
