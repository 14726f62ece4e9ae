import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openBareEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { StandInServer } from '@abland/testing/eventstoredb';
import { type ApiClient, createApiClient, type SessionTokens } from '../src/demo/api-client.js';
import { REQUEST_SIGN_IN, SIGN_IN } from '../src/demo/documents.js';
import { MAIN, SECRETS, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const PROFILE = { displayName: 'Žofie Němcová', email: 'zofie@example.org', bio: 'Keeps bees' };
const PLAIN = /Žofie|zofie|bees/;

interface Person {
  readonly profile: Partial<typeof PROFILE> | null;
  readonly erased: boolean;
}

const ME = '{ person: me { erased profile { displayName email bio } } }';
const SEEN = 'query ($address: Address!) { person: user(address: $address) { erased profile { bio } } }';

/** Events on a stand-in for EventStoreDB, keys in the embedded PostgreSQL. A real server has one log, and a log is one system's. */
describe('personal data in the whole system, on EventStoreDB', () => {
  let standIn: StandInServer;
  let system: SystemUnderTest;
  let copied: TestDatabase;
  let url: string;
  let client: ApiClient;
  const wallet = Wallet.createRandom();

  beforeAll(async () => {
    standIn = await StandInServer.start();
    url = standIn.url;
    copied = await createTestDatabase();
    system = await SystemUnderTest.create({ EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: url, ...SECRETS });
    await system.start();
    client = createApiClient(system.apiUrl);
    const { requestSignIn } = await client.query<{ requestSignIn: { message: string } }>(REQUEST_SIGN_IN, {
      address: wallet.address,
    });
    const { message } = requestSignIn;
    const signature = await wallet.signMessage(message);
    const { signIn } = await client.query<{ signIn: SessionTokens }>(SIGN_IN, { message, signature });
    client.authorize(signIn);
  });
  afterAll(async () => {
    await system.remove();
    standIn.kill();
    await copied.drop();
  });

  const abland = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: { ...system.environment, ...env } })).stdout;
  const usersTable = (output: string): string | undefined =>
    /^[0-9a-f]{64} {2}users \(.*$/m.exec(output)?.[0];
  async function until(document: string, expectation: (person: Person) => boolean): Promise<Person> {
    const { address } = wallet;
    for (const giveUpAt = Date.now() + 120_000; ;) {
      const { person } = await client.query<{ person: Person }>(
        document,
        document === SEEN ? { address } : {},
      );
      if (expectation(person)) return person;
      if (Date.now() > giveUpAt) throw new Error(JSON.stringify(person));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What a program needs to read the copy: the keys are where they were. */
  async function onTheCopy(): Promise<NodeJS.ProcessEnv> {
    const running = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    return {
      EVENT_STORE: 'postgres',
      EVENTSTORE_URL: '',
      DATABASE_URL: copied.url,
      PERSONAL_KEYS_URL: running.databaseUrl,
      PERSONAL_DATA_KEY: (await readFile(join(system.dataDir, 'personal-data.key'), 'utf8')).trim(),
    };
  }

  it('is sealed to whoever looks into the log, and open to its person and the operator', async () => {
    await client.query(
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { commandId } }',
      {
        input: { idempotencyKey: 'profile', ...PROFILE },
      },
    );
    expect(await until(ME, ({ profile }) => profile !== null)).toMatchObject({ profile: PROFILE });
    const tail = await abland(['events', 'tail', '--json', '--stream', 'user-']);
    expect(tail).toMatch(/"ProfileUpdated".*"encryptedFor"/);
    expect(tail).not.toMatch(PLAIN);
    const shown = await abland(['users', 'show', wallet.address, '--history']);
    expect(shown).toMatch(/ProfileUpdated {2}.*Žofie Němcová[^]*REGISTERED, registration 1/);
  });

  it('is sealed in a copy on another store, and open there with the same keys', async () => {
    await abland(['store', 'copy', '--from', url, '--to', copied.url]);
    const database = new pg.Client({ connectionString: copied.url });
    await database.connect();
    const { rows } = await database.query<{ line: string }>(
      'SELECT e::text AS line FROM event_store.events e',
    );
    await database.end();
    const lines = rows.map(({ line }) => line).join('\n');
    expect(lines).toMatch(/ProfileUpdated/);
    expect(lines).not.toMatch(PLAIN);
    expect(await abland(['users', 'show', wallet.address], await onTheCopy())).toMatch(/Žofie Němcová/);
  });

  it('is erased in both by one command, with every event as it was and read models that build anew', async () => {
    const { events } = await stored();
    expect(await abland(['users', 'erase', wallet.address, '--reason', 'Asked by letter'])).toMatch(
      /is erased: recorded at .* the key is destroyed/,
    );
    expect(await until(SEEN, ({ erased }) => erased)).toMatchObject({ profile: null });
    await expect(client.query(ME)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const env of [{}, await onTheCopy()]) {
      const after = await abland(['users', 'show', wallet.address, '--history'], env);
      expect(after).toMatch(/"displayName":"\[erased\]"/);
      expect(after).not.toMatch(PLAIN);
    }
    expect((await stored()).events.slice(0, events.length)).toEqual(events);
    const table = usersTable(await abland(['projections', 'checksum']));
    expect(table).toMatch(/1 rows/);
    expect(usersTable(await abland(['projections', 'rebuild', 'users']))).toBe(table);
  });

  it('of nobody is not erased', async () => {
    const nobody = Wallet.createRandom().address;
    await expect(abland(['users', 'erase', nobody, '--reason', 'Asked'])).rejects.toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/^abland: Nobody signed in with this address/) },
    });
  });

  async function stored(): Promise<{ events: readonly string[] }> {
    const bare = await openBareEventStore(url, silentLogger);
    const events: string[] = [];
    for await (const page of bare.readStream(`user-${wallet.address.toLowerCase()}`)) {
      events.push(...page.map(({ id, data }) => `${id} ${JSON.stringify(data)}`));
    }
    await bare.close();
    return { events };
  }
});
