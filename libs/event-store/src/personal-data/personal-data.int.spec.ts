import { randomUUID } from 'node:crypto';
import type { NewEvent, RecordedEvent } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { collect, sampleEvent } from '../laws/sample-events.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { measureLog } from '../tools/inspect-log.js';
import { type KeyStore, MemoryKeyStore } from './key-store.js';
import { ERASED, PersonalDataCipher } from './personal-data-cipher.js';
import { PersonalDataDamagedError, PersonalDataErasedError } from './personal-data-errors.js';
import { PersonalDataEventStore, type PersonalFields } from './personal-data-event-store.js';
import { migratePersonalData, PostgresKeyStore } from './postgres-key-store.js';

const personalFields: PersonalFields = ({ type, data }) =>
  type === 'ProfileChanged' ? { subject: data['user'] as string, fields: ['name', 'contact'] } : null;

const profile = (user: string): NewEvent =>
  sampleEvent(
    { user, name: 'Ada Lovelace', contact: { mail: 'ada@example.org' }, theme: 'dark' },
    'ProfileChanged',
  );

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await migratePersonalData(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describeEventStoreLaws('personal data over memory', async () => {
  const store = new MemoryEventStore();
  const cipher = new PersonalDataCipher(new MemoryKeyStore());
  return { store: new PersonalDataEventStore(store, cipher, personalFields), close: () => store.close() };
});

describe.each<[string, () => KeyStore]>([
  ['memory', () => new MemoryKeyStore()],
  ['PostgreSQL', () => new PostgresKeyStore(pool)],
])('personal data, keys in %s', (_, openKeys) => {
  const open = (): { log: MemoryEventStore; keys: KeyStore; store: PersonalDataEventStore } => {
    const [log, keys] = [new MemoryEventStore(), openKeys()];
    return {
      log,
      keys,
      store: new PersonalDataEventStore(log, new PersonalDataCipher(keys), personalFields),
    };
  };

  it('is encrypted in the log and readable outside of it', async () => {
    const { log, store } = open();
    const event = profile(randomUUID());
    await store.append('user-1', [event], 'no_stream');
    const [stored] = await collect(log.readAll());
    expect(JSON.stringify(stored?.data)).not.toMatch(/Lovelace|example\.org/);
    expect(stored?.data).toMatchObject({ user: event.data['user'], theme: 'dark' });
    expect((await collect(store.readAll()))[0]?.data).toEqual(event.data);
  });

  it('shows as erased once the key is destroyed, and the log stays what it was', async () => {
    const { log, keys, store } = open();
    const [erased, kept] = [profile(randomUUID()), profile(randomUUID())];
    await store.append('user-1', [erased, kept], 'no_stream');
    const before = (await measureLog(log)).checksum;
    await keys.erase(erased.data['user'] as string);
    await keys.erase(erased.data['user'] as string);
    const events = await collect(store.readAll());
    expect(events[0]?.data).toEqual({ ...erased.data, name: ERASED, contact: ERASED });
    expect(events[1]?.data).toEqual(kept.data);
    expect((await measureLog(log)).checksum).toBe(before);
  });

  it('of an erased person is not stored again', async () => {
    const { log, keys, store } = open();
    const user = randomUUID();
    await keys.erase(user);
    await expect(store.append('user-1', [profile(user)], 'no_stream')).rejects.toThrow(
      PersonalDataErasedError,
    );
    expect(await log.head()).toBeNull();
  });

  it('that was moved to another event or field is not accepted', async () => {
    const { log, store } = open();
    const user = randomUUID();
    await store.append('user-1', [profile(user)], 'no_stream');
    const [stored] = (await collect(log.readAll())) as [RecordedEvent];
    const { name = null, contact = null } = stored.data;
    await log.append('user-2', [{ ...stored, id: randomUUID() }], 'no_stream');
    await expect(collect(store.readStream('user-2'))).rejects.toThrow(PersonalDataDamagedError);
    await log.append(
      'user-3',
      [{ ...stored, data: { ...stored.data, name: contact, contact: name } }],
      'no_stream',
    );
    await expect(collect(store.readStream('user-3'))).rejects.toThrow(PersonalDataDamagedError);
  });
});
