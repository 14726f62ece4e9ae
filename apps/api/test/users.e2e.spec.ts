import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { openBareEventStore } from '@abland/event-store';
import { copyStore, measureLog } from '@abland/log-tools';
import { ERASED } from '@abland/personal-data';
import { type EventStore, type Logger, silentLogger } from '@abland/kernel';
import { rebuildProjection, stateChecksum } from '@abland/projections';
import { createTestDatabase } from '@abland/testing';
import { type BaseWallet, Wallet } from 'ethers';
import pg from 'pg';
import { Registry } from 'prom-client';
import { startApi } from '../src/index.js';
import { type ApiClient, createClient, signIn } from './api-client.js';
import { CREATE_TOKEN, ERASE_MY_DATA, ERASE_USER, ME, UPDATE_PROFILE, USER } from './documents.js';
import { createTokenInput, newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const PROFILE = {
  displayName: 'Žofie Němcová',
  email: 'zofie.nemcova@example.org',
  bio: 'Keeps bees\nand books',
  avatarUri: 'https://example.org/bees.png',
};
const PLAIN = /Žofie|Němcová|zofie|Keeps bees|bees\.png/;

let api: TestApi;
/** The log as it is stored, without keys. */
let log: EventStore;
const operator = Wallet.createRandom();
const logged: string[] = [];
const logger: Logger = (() => {
  const write = (...parts: readonly unknown[]): void => void logged.push(JSON.stringify(parts, plain));
  const all = { debug: write, info: write, warn: write, error: write };
  const listening = { ...silentLogger, ...all, child: () => listening };
  return listening;
})();
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value instanceof Error ? String(value.stack) : value;

beforeAll(async () => {
  api = await startTestApi({ logger, config: { operators: [operator.address] } });
  log = await openBareEventStore(api.databaseUrl, silentLogger);
});
afterAll(async () => {
  await log.close();
  await api.stop();
});

interface Person {
  readonly wallet: BaseWallet;
  readonly client: ApiClient;
  readonly address: string;
  readonly stream: string;
}

async function newcomer(): Promise<Person> {
  const wallet = Wallet.createRandom();
  const client = await signIn(api.client, wallet);
  return { wallet, client, address: wallet.address, stream: userStream(wallet.address) };
}
async function withProfile(over: object = {}): Promise<Person> {
  const person = await newcomer();
  await update(person, over);
  await api.settle();
  return person;
}
const update = ({ client }: Person, over: object = {}) =>
  client.query(UPDATE_PROFILE, { input: { idempotencyKey: newKey(), ...PROFILE, ...over } });
const erasureOf = ({ address }: Person, idempotencyKey = newKey()) => ({
  input: { idempotencyKey, confirmAddress: address },
});
const erase = ({ client, ...person }: Person) =>
  client.query(ERASE_MY_DATA, erasureOf({ client, ...person }));
const me = async ({ client }: Person) => (await client.query(ME)).me;
/** As others see them: whoever was erased has no session any more. */
const seen = async ({ address }: Person) => (await api.client.query(USER, { address })).user;
const types = async ({ stream }: Person) => (await api.events(stream)).map(({ type }) => type);

async function untilKeyDestroyed(person: Person): Promise<void> {
  const giveUpAt = Date.now() + 120_000;
  while ((await types(person)).at(-1) !== 'UserKeyDestroyed') {
    if (Date.now() > giveUpAt) throw new Error(`No key destroyed: ${await types(person)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await api.settle();
}

/** Every row of every table, as text: what a thief of the database, or of its backup, would have. */
async function databaseDump(): Promise<string> {
  const client = new pg.Client({ connectionString: api.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const lines: string[] = [];
  for (const { name } of rows) {
    const table = await client.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    lines.push(...table.rows.map(({ line }) => line));
  }
  await client.end();
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['personal_keys.keys', expect.stringMatching(/^build_\d+\.users$/)]),
  );
  return lines.join('\n');
}

async function storedEvents({ stream }: Person): Promise<string> {
  const events: unknown[] = [];
  for await (const page of log.readStream(stream)) events.push(...page);
  return JSON.stringify(events, plain);
}

async function rebuilt(): Promise<string> {
  const { pool } = api;
  for (const projection of ['users', 'requests']) {
    await rebuildProjection({ pool, store: log, projection, logger: silentLogger, clock: Date.now });
  }
  return (await stateChecksum(pool)).total;
}

/** Of a copy of the log in another database, as the operator's tool makes it. */
async function copiedChecksum(): Promise<string> {
  const other = await createTestDatabase();
  await copyStore({ fromUrl: api.databaseUrl, toUrl: other.url, logger: silentLogger });
  const copy = await openBareEventStore(other.url, silentLogger);
  const { checksum } = await measureLog(copy);
  await copy.close();
  await other.drop();
  return checksum;
}

describe('a profile', () => {
  it('is told back to its person', async () => {
    const person = await withProfile();
    expect(await me(person)).toMatchObject({
      ...{ address: person.address, erased: false, erasedAt: null },
      profile: { ...PROFILE, updatedAt: expect.stringMatching(/Z$/) },
    });
  });

  it('is told to others but for what is private', async () => {
    const { address } = await withProfile();
    const asked = [api.client, (await newcomer()).client];
    for (const client of asked) {
      const { user } = await client.query(USER, { address: address.toLowerCase() });
      expect(user).toMatchObject({ address, lastSignedInAt: null, profile: { ...PROFILE, email: null } });
    }
    const { user } = await (await signIn(api.client, operator)).query(USER, { address });
    expect(user).toMatchObject({ lastSignedInAt: expect.any(String), profile: PROFILE });
  });

  it('is put in the place of the one before, whole', async () => {
    const person = await withProfile();
    await person.client.query(UPDATE_PROFILE, { input: { idempotencyKey: newKey(), bio: 'New' } });
    await api.settle();
    expect((await me(person)).profile).toMatchObject({
      ...{ displayName: null, email: null, bio: 'New', avatarUri: null },
    });
  });

  it('is changed once by one key, and by no other input', async () => {
    const person = await newcomer();
    const idempotencyKey = newKey();
    const [first, second] = [
      await update(person, { idempotencyKey }),
      await update(person, { idempotencyKey }),
    ];
    expect(second).toEqual(first);
    expect((await types(person)).slice(2)).toEqual(['SessionStarted', 'ProfileUpdated']);
    const { extensions } = await person.client.refusal(UPDATE_PROFILE, {
      input: { idempotencyKey, ...PROFILE, bio: 'other' },
    });
    expect(extensions).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' });
    const all = Array.from({ length: 5 }, () => update(person, { idempotencyKey: 'at-once' }));
    await Promise.all(all);
    expect(await types(person)).toHaveLength(5);
  });

  it('is changed by no other input under a key that is older than all that are held', async () => {
    const person = await newcomer();
    const idempotencyKey = newKey();
    await update(person, { idempotencyKey });
    for (let change = 0; change < 100; change += 1) await update(person, { idempotencyKey: newKey() });
    const before = await types(person);
    await update(person, { idempotencyKey });
    const { extensions } = await person.client.refusal(UPDATE_PROFILE, {
      input: { idempotencyKey, ...PROFILE, bio: 'other' },
    });
    expect(extensions).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' });
    expect(await types(person)).toEqual(before);
  });

  it('of nobody is nothing', async () => {
    expect(await api.client.query(USER, { address: Wallet.createRandom().address })).toEqual({ user: null });
  });

  it('is nowhere in the database in plain text, nor in what the programs log', async () => {
    const person = await withProfile();
    expect(await me(person)).toMatchObject({ profile: PROFILE });
    await person.client.refusal(UPDATE_PROFILE, {
      input: { idempotencyKey: newKey(), ...PROFILE, bio: 'x'.repeat(501) },
    });
    expect(await storedEvents(person)).toMatch(/"encryptedFor"/);
    expect(await databaseDump()).not.toMatch(PLAIN);
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join('\n')).not.toMatch(PLAIN);
  });
});

describe('an erasure', () => {
  it('leaves every event, hash and projection valid, and shows as erased', async () => {
    const [person, other] = [await withProfile(), await withProfile()];
    const before = await rebuilt();
    expect(before).toBe((await stateChecksum(api.pool)).total);
    const stored = await storedEvents(person);

    const { eraseMyData } = await erase(person);
    await untilKeyDestroyed(person);

    expect(await seen(person)).toMatchObject({
      ...{ profile: null, erased: true, erasedAt: eraseMyData.erasedAt },
    });
    expect(await me(other)).toMatchObject({ profile: PROFILE, erased: false });
    // The events are the same bytes; two more tell of the erasure.
    expect((await storedEvents(person)).startsWith(stored.slice(0, -1))).toBe(true);
    expect((await types(person)).slice(-3)).toEqual(['ProfileUpdated', 'UserErased', 'UserKeyDestroyed']);
    const after = (await stateChecksum(api.pool)).total;
    expect(await rebuilt()).toBe(after);
    expect(await copiedChecksum()).toBe((await measureLog(log)).checksum);
  });

  it('is shown to auditors in each event', async () => {
    const person = await withProfile();
    await erase(person);
    await untilKeyDestroyed(person);
    const profile = (await api.events(person.stream)).find(({ type }) => type === 'ProfileUpdated');
    expect(profile?.data).toMatchObject({ address: person.address, email: ERASED, displayName: ERASED });
    const erasure = (await api.events(person.stream)).find(({ type }) => type === 'UserErased');
    expect(erasure).toMatchObject({
      data: { by: 'PERSON', requestedBy: person.address, reason: null, registration: 1 },
      metadata: { actor: person.address },
    });
  });

  it('is at once for every API process', async () => {
    const person = await withProfile();
    const second = await startApi({
      ...api.dependencies,
      metrics: new Registry(),
    });
    const there = createClient(second.url);
    const asked = { address: person.address };
    expect((await there.query(USER, asked)).user.profile).toMatchObject({ displayName: PROFILE.displayName });
    await erase(person);
    await untilKeyDestroyed(person);
    expect((await there.query(USER, asked)).user).toMatchObject({ profile: null, erased: true });
    await second.stop();
  });

  it('shows the moment the key is gone, also where the read models lag', async () => {
    const person = await withProfile();
    await api.pool.query(
      `UPDATE personal_keys.keys SET wrapped_key = NULL, master_key_id = NULL, destroyed_at = now() WHERE subject = $1`,
      [`${person.address.toLowerCase()}/1`],
    );
    expect(await me(person)).toMatchObject({ profile: null, erased: true, erasedAt: null });
  });

  it('happens once, however many ask at once', async () => {
    const person = await withProfile();
    const key = newKey();
    const asked = [key, key, newKey(), newKey()].map((one) =>
      person.client.send(ERASE_MY_DATA, erasureOf(person, one)),
    );
    const answers = await Promise.all(asked);
    const receipts = answers.flatMap(({ data, errors }) => (errors.length === 0 ? [data.eraseMyData] : []));
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
    for (const { errors } of answers) {
      // Too late: their own session is over by then.
      for (const { extensions } of errors) expect(extensions.details).toEqual({ reason: 'ENDED' });
    }
    await untilKeyDestroyed(person);
    expect((await types(person)).filter((type) => type === 'UserErased')).toHaveLength(1);
  });

  it('ends every session of the person at once, whatever it asks, and leaves no trace of what it tried', async () => {
    const person = await withProfile();
    const another = { ...person, client: await signIn(api.client, person.wallet) };
    await erase(person);
    const before = await api.store.head();
    const input = { idempotencyKey: newKey(), ...PROFILE };
    for (const { client } of [person, another]) {
      for (const [document, variables] of [
        [ME, {}],
        [UPDATE_PROFILE, { input }],
        [CREATE_TOKEN, { input: createTokenInput() }],
        [ERASE_MY_DATA, erasureOf(person)],
      ] as const) {
        const { extensions } = await client.refusal(document, variables);
        expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', details: { reason: 'ENDED' } });
      }
      // They are a stranger to themselves.
      expect((await client.query(USER, { address: person.address })).user).toMatchObject({
        lastSignedInAt: null,
      });
    }
    const added = [];
    for await (const page of api.store.readAll(before === null ? {} : { after: before })) added.push(...page);
    expect(added.filter(({ type }) => type !== 'UserKeyDestroyed')).toEqual([]);
    await untilKeyDestroyed(person);
    expect(await databaseDump()).not.toMatch(PLAIN);
  });

  it('ends sessions of before for good, also once the person has come back', async () => {
    const person = await withProfile();
    await erase(person);
    const back = await signIn(api.client, person.wallet);
    expect((await back.query(ME)).me.address).toBe(person.address);
    const { extensions } = await person.client.refusal(ME);
    expect(extensions.details).toEqual({ reason: 'ENDED' });
  });

  it('amid updates leaves none behind it', async () => {
    const person = await withProfile();
    const updates = () => Array.from({ length: 4 }, () => update(person));
    const given = await Promise.allSettled([...updates(), erase(person), ...updates()]);
    for (const one of given) {
      // Crowded out, or too late: both are told, and nothing else is.
      if (one.status === 'rejected')
        expect(String(one.reason)).toMatch(/USER_ERASED|ENDED|SERVICE_UNAVAILABLE/);
    }
    if (!(await types(person)).includes('UserErased')) await erase(person);
    const all = await types(person);
    expect(all).toContain('UserErased');
    expect(all.slice(all.indexOf('UserErased'))).not.toContain('ProfileUpdated');
    await api.settle();
    expect(await seen(person)).toMatchObject({ profile: null, erased: true });
  });

  it('lets the person come back, with a key that is new', async () => {
    const person = await withProfile();
    await erase(person);
    await untilKeyDestroyed(person);
    const back = { ...person, client: await signIn(api.client, person.wallet) };
    await api.settle();
    expect(await me(back)).toMatchObject({ profile: null, erased: false, erasedAt: null });
    await update(back, { displayName: 'Back' });
    await api.settle();
    expect((await me(back)).profile).toMatchObject({ displayName: 'Back' });
    const profiles = (await api.events(person.stream)).filter(({ type }) => type === 'ProfileUpdated');
    expect(profiles.map(({ data }) => data['displayName'])).toEqual([ERASED, 'Back']);
    await erase(back);
    await api.settle();
    expect(await seen(back)).toMatchObject({ profile: null, erased: true });
  });

  it('by an operator says who and why', async () => {
    const person = await withProfile();
    const client = await signIn(api.client, operator);
    const input = { idempotencyKey: newKey(), address: person.address, reason: 'Asked by letter' };
    const { eraseUser } = await client.query(ERASE_USER, { input });
    expect(await client.query(ERASE_USER, { input })).toEqual({ eraseUser });
    await untilKeyDestroyed(person);
    expect(await seen(person)).toMatchObject({ erased: true, erasedAt: eraseUser.erasedAt });
    const { extensions } = await person.client.refusal(ME);
    expect(extensions.details).toEqual({ reason: 'ENDED' });
    const erasure = (await api.events(person.stream)).find(({ type }) => type === 'UserErased');
    expect(erasure?.data).toMatchObject({
      ...{ by: 'OPERATOR', requestedBy: operator.address, reason: 'Asked by letter' },
    });
  });

  it('of another is for operators alone, and the attempt is on record', async () => {
    const [person, other] = [await withProfile(), await newcomer()];
    const input = { idempotencyKey: newKey(), address: person.address, reason: 'Out of spite' };
    const { extensions } = await other.client.refusal(ERASE_USER, { input });
    expect(extensions).toMatchObject({ code: 'FORBIDDEN', details: { reason: 'NOT_AN_OPERATOR' } });
    expect((await types(other)).at(-1)).toBe('CommandRejected');
    expect(await types(person)).not.toContain('UserErased');
  });
});

describe('what is malformed leaves nothing and names the field', () => {
  async function refused(client: ApiClient, document: string, input: object) {
    const before = await api.store.head();
    const { extensions } = await client.refusal(document, { input });
    expect(await api.store.head()).toBe(before);
    return [extensions.code, extensions.field];
  }
  const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

  it.each([
    [{ displayName: '' }, 'INVALID_DISPLAY_NAME', 'displayName'],
    [{ displayName: 'Ada\u0007' }, 'INVALID_DISPLAY_NAME', 'displayName'],
    [{ email: 'nobody' }, 'INVALID_EMAIL', 'email'],
    [{ bio: 'x'.repeat(501) }, 'INVALID_BIO', 'bio'],
    [{ avatarUri: 'javascript:alert(1)' }, 'INVALID_AVATAR_URI', 'avatarUri'],
    [{ idempotencyKey: '' }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
    [{ phone: '1' }, 'GRAPHQL_VALIDATION_FAILED', 'input.phone'],
    [{ email: 5 }, 'GRAPHQL_VALIDATION_FAILED', 'email'],
  ])('updateProfile with %j', async (over, code, field) => {
    const { client } = await newcomer();
    const [found, at] = await refused(client, UPDATE_PROFILE, {
      idempotencyKey: newKey(),
      ...PROFILE,
      ...over,
    });
    expect([found, String(at).replace(/^input\./, '')]).toEqual([code, field.replace(/^input\./, '')]);
  });

  it.each([
    [{ confirmAddress: address }, 'ERASURE_NOT_CONFIRMED', 'confirmAddress'],
    [{ confirmAddress: 'me' }, 'INVALID_ADDRESS', 'confirmAddress'],
    [{ idempotencyKey: ' ' }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
  ])('eraseMyData with %j', async (over, code, field) => {
    const person = await newcomer();
    const { input } = erasureOf(person);
    expect(await refused(person.client, ERASE_MY_DATA, { ...input, ...over })).toEqual([code, field]);
  });

  it.each([
    [{ address }, 'UNKNOWN_USER', 'address'],
    [{ address: '0x12' }, 'INVALID_ADDRESS', 'address'],
    [{ reason: '' }, 'INVALID_REASON', 'reason'],
    [{ reason: 'asked by ada@example.org' }, 'INVALID_REASON', 'reason'],
  ])('eraseUser with %j', async (over, code, field) => {
    const client = await signIn(api.client, operator);
    const input = { idempotencyKey: newKey(), address: operator.address, reason: 'A reason', ...over };
    expect(await refused(client, ERASE_USER, input)).toEqual([code, field]);
  });

  it('is refused to whoever is not signed in', async () => {
    for (const [document, input] of [
      [UPDATE_PROFILE, { idempotencyKey: 'a' }],
      [ERASE_MY_DATA, { idempotencyKey: 'a', confirmAddress: address }],
      [ERASE_USER, { idempotencyKey: 'a', address, reason: 'A reason' }],
    ] as const) {
      expect(await refused(api.client, document, input)).toEqual(['UNAUTHENTICATED', 'authorization']);
    }
  });
});
