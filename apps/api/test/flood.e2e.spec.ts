import { eventually, until } from '@abland/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { REQUEST_SIGN_IN } from './api-client.js';
import { PATIENT, startTestApi, type TestApi } from './test-api.js';

const many = (count: number, field: (index: number) => string): string =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field(index)}`).join(' ')} }`;
const SEARCHES = many(
  40,
  (index) => `tokens(first: 1, filter: { search: "x${index}" }) { edges { cursor } }`,
);
const TOKENS = '{ tokens(first: 1) { edges { cursor } } }';
const POOLS = '{ pools(first: 1) { edges { cursor } } }';

describe('one anonymous client that asks for as much as it may', () => {
  let statements: string[];
  let api: TestApi;
  let holder: pg.Client;
  const opened: (() => Promise<void>)[] = [];
  beforeEach(() => {
    statements = [];
    const { query } = pg.Client.prototype;
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      const [given] = args;
      statements.push(typeof given === 'string' ? given : String((given as { text?: unknown }).text));
      return Reflect.apply(query, this, args) as void;
    });
  });
  const start = async (limits = {}): Promise<void> => {
    api = await startTestApi({ limits });
    opened.push(() => api.stop());
    holder = new pg.Client({ connectionString: api.databaseUrl });
    opened.push(() => holder.end());
    await holder.connect();
  };
  afterEach(() => void jest.restoreAllMocks());
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });

  const ofTokens = () => statements.filter((text) => text.includes('"read_model"."tokens"'));
  const lockTokens = () => holder.query('BEGIN; LOCK TABLE read_model.tokens IN ACCESS EXCLUSIVE MODE');
  const severalAnswers = async (): Promise<void> => {
    for (let count = 0; count < 5; count += 1) expect((await api.client.send(POOLS)).errors).toEqual([]);
  };
  const failing = async (): Promise<readonly string[]> => {
    const answer = await fetch(`${api.client.url}/ready`);
    const { checks } = (await answer.json()) as { checks: Record<string, { ok: boolean }> };
    return Object.entries(checks).flatMap(([name, { ok }]) => (ok ? [] : [name]));
  };
  const ready = async () => (await failing()).length === 0;
  /** The table that is locked, and nothing besides, long before what waits for it gives up. A busy machine may let a check wait for too long once. */
  const untilTheLockAloneFails = () =>
    eventually(async () => expect(await failing()).toEqual(['readModels']), 60_000);

  it('has two statements in hand at once, while a neighbour is answered and readiness stays', async () => {
    await start(PATIENT);
    await until(ready);
    await lockTokens();
    statements.length = 0;
    const flood = api.client.send(SEARCHES);
    await until(() => ofTokens().length > 0);
    const { errors } = await api.client.send(POOLS);
    expect(errors).toEqual([]);
    await untilTheLockAloneFails();
    expect(ofTokens().length).toBeLessThanOrEqual(2);
    await holder.query('ROLLBACK');
    expect((await flood).errors).toEqual([]);
    expect(ofTokens().length).toBeGreaterThanOrEqual(40);
  });

  it('leaves connections to what the API does itself, also where it comes many times', async () => {
    await start(PATIENT);
    await until(ready);
    await lockTokens();
    const waiting = Array.from({ length: 10 }, () => api.client.send(TOKENS));
    await until(() => ofTokens().length > 0);
    const { address } = Wallet.createRandom();
    expect((await api.client.send(REQUEST_SIGN_IN, { address })).errors).toEqual([]);
    await untilTheLockAloneFails();
    await holder.query('ROLLBACK');
    for (const { errors } of await Promise.all(waiting)) expect(errors).toEqual([]);
  });

  it('leaves nothing behind when it goes', async () => {
    await start(PATIENT);
    await lockTokens();
    statements.length = 0;
    const client = new AbortController();
    const flood = fetch(`${api.client.url}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal: client.signal },
      body: JSON.stringify({ query: SEARCHES }),
    });
    await until(() => ofTokens().length > 0);
    client.abort();
    await expect(flood).rejects.toThrow();
    await severalAnswers(); // by then it is seen to be gone
    await holder.query('ROLLBACK');
    await severalAnswers();
    await sleep(500);
    expect(ofTokens().length).toBeLessThanOrEqual(2);
  });

  it('leaves nothing behind when the answer ends with the first refusal', async () => {
    await start();
    await lockTokens();
    statements.length = 0;
    const { errors } = await api.client.send(SEARCHES);
    expect(errors[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
    await severalAnswers();
    await holder.query('ROLLBACK');
    await sleep(500);
    expect(ofTokens().length).toBeLessThanOrEqual(4);
  });

  it('is told where the system stands by one look, however often it asks', async () => {
    await start();
    const looks = () => statements.filter((text) => text.includes('"chain_heads"') && /^select/i.test(text));
    statements.length = 0;
    await api.client.query(many(50, () => '_meta { logHead }'));
    expect(looks()).toHaveLength(1);
  });

  it('is refused where more is looked up each by itself than may be', async () => {
    await start();
    const { extensions } = await api.client.refusal(many(800, () => '_meta { logHead }'));
    expect(extensions).toMatchObject({ code: 'QUERY_TOO_WIDE', details: { lookups: 800, limit: 50 } });
  });

  it('reads what is public of the log and of contents a few at a time, while a command is answered and the rest may come again', async () => {
    await start(PATIENT);
    await until(ready);
    await holder.query('BEGIN; LOCK TABLE audit.tiles, api.contents IN ACCESS EXCLUSIVE MODE');
    const paths = ['/log/tile/entries/000', '/log/tile/0/000', `/ipfs/b${'a'.repeat(58)}`];
    const flood = Array.from({ length: 200 }, (_, index) =>
      fetch(`${api.client.url}${paths[index % paths.length] ?? ''}`),
    );
    const refused = await Promise.race(flood);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    const address = `0x${'1'.repeat(40)}`;
    expect((await api.client.send(REQUEST_SIGN_IN, { address })).errors).toEqual([]);
    expect((await api.client.send(POOLS)).errors).toEqual([]);
    await holder.query('ROLLBACK');
    const statuses = new Set((await Promise.all(flood)).map(({ status }) => status));
    expect([...statuses].toSorted()).toEqual([404, 503]);
  });
});
