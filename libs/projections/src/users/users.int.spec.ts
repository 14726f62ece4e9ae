import { randomUUID } from 'node:crypto';
import { schemaCodec, withCodec } from '@abland/event-codec';
import { MemoryEventStore } from '@abland/event-store';
import { MemoryKeyStore, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { personalDataSubject, type UserEvent, userStream } from '@abland/domain';
import { type EventStore, type NewEvent, silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectionStatus } from '../builds/status.js';
import { stateChecksum } from '../checksums.js';
import { rebuildProjection } from '../rebuild-projections.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { userByAddress } from './queries.js';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const EARLY = '2026-01-01T12:00:00.000Z';
const LATE = '2026-01-01T13:00:00.000Z';

const registered = (at = EARLY): UserEvent => ({
  type: 'UserRegistered',
  version: 1,
  data: { address: ADDRESS, at },
});
const signedIn = (at = EARLY): UserEvent => ({
  type: 'UserSignedIn',
  version: 1,
  data: { address: ADDRESS, at },
});
const profile = (displayName: string, registration = 1): UserEvent => ({
  type: 'ProfileUpdated',
  version: 1,
  data: {
    ...{ commandId: randomUUID(), address: ADDRESS, registration, displayName, email: 'ada@example.org' },
    ...{ bio: null, avatarUri: null, inputHash: '0x1234', at: LATE },
  },
});
const erased = (registration = 1): UserEvent => ({
  type: 'UserErased',
  version: 1,
  data: {
    ...{ commandId: randomUUID(), address: ADDRESS, registration, by: 'PERSON', requestedBy: ADDRESS },
    ...{ reason: null, inputHash: '0x12', at: LATE },
  },
});
const keyDestroyed = (registration = 1): UserEvent => ({
  type: 'UserKeyDestroyed',
  version: 1,
  data: { address: ADDRESS, registration, at: LATE },
});

describe('the read model of users', () => {
  let bench: ProjectionBench;
  let keys: MemoryKeyStore;
  let writing: EventStore;
  beforeEach(async () => {
    const log = new MemoryEventStore();
    bench = await ProjectionBench.open(withCodec(log, schemaCodec));
    keys = new MemoryKeyStore();
    writing = withCodec(log, personalDataCodec(new PersonalDataCipher(keys)), schemaCodec);
  });
  afterEach(() => bench.close());

  const append = (...events: readonly UserEvent[]) =>
    writing.append(
      userStream(ADDRESS),
      events.map(({ type, version, data }): NewEvent => ({
        ...{ id: randomUUID(), type, version, data: data as NewEvent['data'] },
        metadata: { correlationId: 'test', causationId: null, actor: ADDRESS },
      })),
      'any',
    );
  const row = async () => {
    await bench.project();
    return userByAddress(bench.db, ADDRESS);
  };
  const checksum = async (): Promise<string> => (await stateChecksum(bench.pool, 'users')).total;
  const rebuiltChecksum = async (): Promise<string> => {
    await rebuildProjection({
      ...{ pool: bench.pool, store: bench.store, projection: 'users' },
      ...{ logger: silentLogger, clock: Date.now },
    });
    return checksum();
  };
  const parked = async () => {
    const status = await projectionStatus(bench.pool, await bench.store.head());
    return status.find(({ name }) => name === 'users')?.parked;
  };

  it('has the newest profile, sealed as in the log', async () => {
    await append(registered(), signedIn(), profile('Ada'), profile('Ada Lovelace'));
    const user = await row();
    expect(user).toMatchObject({ registration: 1, profileUpdatedAt: LATE, erasedAt: null });
    expect(user?.profile?.displayName).toEqual({
      encryptedFor: personalDataSubject(ADDRESS, 1),
      value: expect.any(String),
    });
    const dump = await bench.pool.query<{ line: string }>('SELECT u::text AS line FROM read_model.users u');
    expect(dump.rows[0]?.line).not.toMatch(/Ada|example/);
  });

  it('has nothing of a person who was erased, and when that was', async () => {
    await append(registered(), signedIn(), profile('Ada'), erased());
    expect(await row()).toMatchObject({
      ...{ profile: null, profileUpdatedAt: null, erasedAt: LATE, keyDestroyedAt: null, signIns: 1 },
    });
    await append(keyDestroyed());
    expect(await row()).toMatchObject({ keyDestroyedAt: LATE });
  });

  it('begins anew with a person who comes back', async () => {
    await append(registered(), profile('Ada'), erased(), registered(LATE), signedIn(LATE), keyDestroyed(1));
    expect(await row()).toMatchObject({
      ...{ registration: 2, registeredAt: LATE, erasedAt: null, keyDestroyedAt: null, profile: null },
    });
    await append(profile('Countess', 2));
    expect((await row())?.profile?.displayName).toMatchObject({
      encryptedFor: personalDataSubject(ADDRESS, 2),
    });
  });

  it('is the same when built anew: before an erasure, after it, and after the key is gone', async () => {
    await append(registered(), signedIn(), profile('Ada'));
    await row();
    const before = await checksum();
    expect(await rebuiltChecksum()).toBe(before);
    await append(erased());
    await row();
    const after = await checksum();
    expect(after).not.toBe(before);
    expect(await rebuiltChecksum()).toBe(after);
    await keys.erase(personalDataSubject(ADDRESS, 1));
    expect(await rebuiltChecksum()).toBe(after);
    expect(await parked()).toBe(0);
  });

  it('is the same whether the key went before or after it was built', async () => {
    await append(registered(), profile('Ada'));
    await keys.erase(personalDataSubject(ADDRESS, 1));
    await row();
    const between = await checksum();
    expect(await rebuiltChecksum()).toBe(between);
    await append(erased());
    await row();
    expect(await parked()).toBe(0);
    expect(await rebuiltChecksum()).toBe(await checksum());
  });

  it('takes no personal text that is not sealed, whoever hands it over', async () => {
    await append(registered(), profile('Ada'));
    const running = bench.start({ store: writing });
    await bench.level(running);
    await running.stop();
    expect(await userByAddress(bench.db, ADDRESS)).toMatchObject({ profile: null });
    expect(await parked()).toBe(1);
  });
});
