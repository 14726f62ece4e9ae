import { randomBytes, randomUUID } from 'node:crypto';
import { personalDataSubject, type SealedText } from '@abland/domain';
import {
  type EventStore,
  type JsonObject,
  type NewEvent,
  type RecordedEvent,
  silentLogger,
} from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemaCodec, withCodec } from '@abland/event-codec';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { measureLog } from '@abland/log-tools';
import { StandInServer } from '@abland/testing/eventstoredb';
import { describeEventStoreLaws } from '@abland/event-store/laws';
import { collect, sampleEvent } from '@abland/event-store/sample-events';
import { type KeyStore, MemoryKeyStore } from './key-store.js';
import { openPersonalKeys } from './open-personal-keys.js';
import { PersonalDataCipher } from './personal-data-cipher.js';
import { ERASED, personalDataCodec } from './personal-data-codec.js';

const TEXTS = { displayName: 'Ada Lovelace', email: 'ada@example.org', bio: 'Countess', inputHash: '0xabcd' };
const PLAIN = /Lovelace|example\.org|Countess|0xabcd/;

/** Somebody new, with a stream and events of their own. */
function person() {
  const address = `0x${randomBytes(20).toString('hex')}`;
  const profile = (registration = 1, texts: JsonObject = TEXTS): NewEvent => ({
    ...sampleEvent({}, 'ProfileUpdated'),
    data: {
      ...{ commandId: randomUUID(), address, registration, avatarUri: null, at: '2026-01-01T12:00:00.000Z' },
      ...texts,
    },
  });
  const subject = (registration = 1): string => personalDataSubject(address, registration);
  return { address, stream: `user-${address}`, profile, subject };
}

let database: TestDatabase;
let standIn: StandInServer;
let pgKeys: Awaited<ReturnType<typeof openPersonalKeys>>;
const logs: EventStore[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  standIn = await StandInServer.start();
  pgKeys = await openPersonalKeys(database.url, [randomBytes(32)], silentLogger);
});
afterAll(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await pgKeys.close();
  standIn.kill();
  await database.drop();
});

describeEventStoreLaws('personal data over memory', async () => {
  const store = new MemoryEventStore();
  const cipher = new PersonalDataCipher(new MemoryKeyStore());
  return {
    store: withCodec(store, personalDataCodec(cipher)),
    close: () => store.close(),
  };
});

type Opened = readonly [log: EventStore, keys: KeyStore];
const LOGS: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['memory, keys in memory', async () => [new MemoryEventStore(), new MemoryKeyStore()]],
  [
    'PostgreSQL, keys in PostgreSQL',
    async () => [
      await openPostgresEventStore({ connectionString: database.url, logger: silentLogger }),
      pgKeys.keys,
    ],
  ],
  [
    'a stand-in for EventStoreDB (not the real one), keys in PostgreSQL',
    async () => [
      new EventStoreDbEventStore({ connectionString: standIn.url, logger: silentLogger }),
      pgKeys.keys,
    ],
  ],
];

describe.each(LOGS)('personal data on %s', (_, openLog) => {
  async function open() {
    const [log, keys] = await openLog();
    logs.push(log);
    return { log, keys, store: withCodec(log, personalDataCodec(new PersonalDataCipher(keys)), schemaCodec) };
  }

  it('is sealed in the log and readable outside of it', async () => {
    const { log, store } = await open();
    const ada = person();
    const event = ada.profile();
    await store.append(ada.stream, [event], 'no_stream');
    const [stored] = await collect(log.readStream(ada.stream));
    expect(JSON.stringify(stored, textBigints)).not.toMatch(PLAIN);
    expect(stored?.data).toMatchObject({ address: ada.address, avatarUri: null });
    expect(stored?.data['email']).toMatchObject({ encryptedFor: ada.subject() });
    expect((await collect(store.readStream(ada.stream)))[0]?.data).toEqual(event.data);
  });

  it('stays sealed to a program without keys', async () => {
    const { log, store } = await open();
    const ada = person();
    await store.append(ada.stream, [ada.profile()], 'no_stream');
    const keyless = withCodec(log, schemaCodec);
    expect(JSON.stringify(await collect(keyless.readStream(ada.stream)), textBigints)).not.toMatch(PLAIN);
  });

  it('in plain text is refused, and nothing of it is appended', async () => {
    const { log } = await open();
    const ada = person();
    const keyless = withCodec(log, schemaCodec);
    for (const field of Object.keys(TEXTS)) {
      const sealed = Object.keys(TEXTS).map((name) => [
        name,
        name === field ? 'plain' : { encryptedFor: ada.subject(), value: 'AAAA' },
      ]);
      await expect(
        keyless.append(ada.stream, [ada.profile(1, Object.fromEntries(sealed))], 'any'),
      ).rejects.toMatchObject({ code: 'INVALID_APPEND', details: { field: `events[0].data.${field}` } });
    }
    expect(await collect(log.readStream(ada.stream))).toEqual([]);
  });

  it('appended again is stored once, with the bytes of the first time', async () => {
    const { log, store } = await open();
    const ada = person();
    const [first, second, third] = [ada.profile(), ada.profile(), ada.profile()] as const;
    const result = await store.append(ada.stream, [first, second], 'no_stream');
    const before = await collect(log.readStream(ada.stream));
    expect(await store.append(ada.stream, [first, second], 'no_stream')).toEqual({
      ...result,
      duplicate: true,
    });
    expect(await store.append(ada.stream, [first], 'no_stream')).toMatchObject({ duplicate: true });
    expect(await store.append(ada.stream, [first, second, third], 'no_stream')).toMatchObject({
      revision: 2n,
      duplicate: false,
    });
    const after = await collect(log.readStream(ada.stream));
    expect(after.slice(0, 2)).toEqual(before);
    expect((await collect(store.readStream(ada.stream))).map(({ data }) => data)).toEqual(
      [first, second, third].map(({ data }) => data),
    );
  });

  it('of equal content is in other bytes each time', async () => {
    const { log, store } = await open();
    const ada = person();
    await store.append(ada.stream, [ada.profile(), ada.profile()], 'no_stream');
    const [one, other] = await collect(log.readStream(ada.stream));
    expect(one?.data['email']).not.toEqual(other?.data['email']);
  });

  it('shows as erased once the key is destroyed, and the log stays what it was', async () => {
    const { log, keys, store } = await open();
    const [ada, bob] = [person(), person()];
    const [erased, kept] = [ada.profile(), bob.profile()];
    await store.append(ada.stream, [erased], 'no_stream');
    await store.append(bob.stream, [kept], 'no_stream');
    const before = (await measureLog(log)).checksum;
    await keys.erase(ada.subject());
    const [event] = await collect(store.readStream(ada.stream));
    const gone = Object.fromEntries(Object.keys(TEXTS).map((field) => [field, ERASED]));
    expect(event?.data).toEqual({ ...erased.data, ...gone });
    const all = await collect(store.readAll());
    expect(all.find(({ id }) => id === erased.id)?.data).toEqual(event?.data);
    expect(all.find(({ id }) => id === kept.id)?.data).toEqual(kept.data);
    expect((await measureLog(log)).checksum).toBe(before);
  });

  it('of an erased registration is not stored again, of the next one it is', async () => {
    const { keys, log, store } = await open();
    const ada = person();
    await keys.erase(ada.subject(1));
    await expect(store.append(ada.stream, [ada.profile(1)], 'any')).rejects.toMatchObject({
      code: 'PERSONAL_DATA_ERASED',
    });
    expect(await collect(log.readStream(ada.stream))).toEqual([]);
    const next = ada.profile(2);
    await store.append(ada.stream, [next], 'no_stream');
    expect((await collect(store.readStream(ada.stream)))[0]?.data).toEqual(next.data);
  });

  it('comes opened to a subscriber', async () => {
    const { store } = await open();
    const ada = person();
    const event = ada.profile();
    await store.append(ada.stream, [event], 'no_stream');
    const ending = new AbortController();
    const filter = { streamPrefixes: [ada.stream] };
    for await (const { events } of store.subscribeToAll({ filter, signal: ending.signal })) {
      if (events.length === 0) continue;
      expect(events[0]?.data).toEqual(event.data);
      ending.abort();
    }
  });
});

describe('a sealed text', () => {
  const keys = new MemoryKeyStore();
  const open = () => {
    const log = new MemoryEventStore();
    return { log, store: withCodec(log, personalDataCodec(new PersonalDataCipher(keys)), schemaCodec) };
  };
  const damaged = expect.objectContaining({ code: 'PERSONAL_DATA_DAMAGED' });

  /** What a reader gets of Ada's event after somebody with the database in hand changed it. */
  async function tamper(change: (event: RecordedEvent, bob: ReturnType<typeof person>) => RecordedEvent) {
    const [ada, bob] = [person(), person()];
    const { log, store } = open();
    await store.append(ada.stream, [ada.profile()], 'no_stream');
    await store.append(bob.stream, [bob.profile()], 'no_stream');
    const [event] = (await collect(log.readStream(ada.stream))) as [RecordedEvent];
    const tampered = change(event, bob);
    const copy = open();
    await copy.log.append(tampered.stream, [tampered], 'no_stream');
    return collect(copy.store.readStream(tampered.stream));
  }
  const withData = (event: RecordedEvent, data: JsonObject): RecordedEvent => ({
    ...event,
    data: { ...event.data, ...data },
  });
  const bioOf = (event: RecordedEvent) => event.data['bio'] as { encryptedFor: string; value: string };

  it('opens where it was sealed for', async () => {
    expect((await tamper((event) => event))[0]?.data).toMatchObject(TEXTS);
  });
  it('that was moved to another event opens no more', async () => {
    await expect(tamper((event) => ({ ...event, id: randomUUID() }))).rejects.toThrow(damaged);
  });
  it('that was moved to another stream opens no more', async () => {
    await expect(tamper((event, bob) => ({ ...event, stream: bob.stream }))).rejects.toThrow(damaged);
  });
  it('that was moved to another field opens no more', async () => {
    await expect(
      tamper((event) => withData(event, { email: event.data['displayName'] ?? null })),
    ).rejects.toThrow(damaged);
  });
  it('that is claimed for another person opens no more', async () => {
    await expect(
      tamper((event, bob) => withData(event, { bio: { ...bioOf(event), encryptedFor: bob.subject() } })),
    ).rejects.toThrow(damaged);
  });
  it('that is claimed for another person opens no more, even if both had one key', async () => {
    const key = randomBytes(32);
    const cipher = new PersonalDataCipher({
      obtain: async () => Buffer.from(key),
      findAll: async (subjects) => new Map(subjects.map((subject) => [subject, Buffer.from(key)])),
      erase: () => Promise.resolve(),
    });
    const place = { stream: 'user-1', eventId: randomUUID(), field: 'bio' };
    const [text] = (await cipher.seal('ada/1', [{ place, text: 'Countess' }])) as [SealedText];
    expect(await cipher.open([{ place, text }])).toEqual(['Countess']);
    await expect(cipher.open([{ place, text: { ...text, encryptedFor: 'bob/1' } }])).rejects.toThrow(damaged);
  });
  it.each([0, 1, 14, -1])('whose byte %d was changed opens no more', async (at) => {
    await expect(
      tamper((event) => {
        const bytes = Buffer.from(bioOf(event).value, 'base64');
        const index = at < 0 ? bytes.length + at : at;
        bytes[index] = (bytes[index] ?? 0) ^ 1;
        return withData(event, { bio: { ...bioOf(event), value: bytes.toString('base64') } });
      }),
    ).rejects.toThrow(damaged);
  });
});

const textBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
