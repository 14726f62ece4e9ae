import { randomBytes, randomUUID } from 'node:crypto';
import { silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openKeyEraser, openPersonalKeys } from './open-personal-keys.js';
import type { PostgresKeyStore } from './postgres-key-store.js';

const master = randomBytes(32);
let database: TestDatabase;
let pool: pg.Pool;
/** Two programs with connections of their own. */
let one: Awaited<ReturnType<typeof open>>;
let other: Awaited<ReturnType<typeof open>>;
const open = (keys: readonly Buffer[] = [master]) => openPersonalKeys(database.url, keys, silentLogger);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  [one, other] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([one.close(), other.close(), pool.end()]);
  await database.drop();
});

const keyOf = async (keys: PostgresKeyStore, subject: string) =>
  (await keys.findAll([subject])).get(subject) ?? null;
const destroyed = expect.objectContaining({ code: 'PERSONAL_DATA_ERASED' });

describe('the key of a person', () => {
  it('is one, however many ask for the first time at once', async () => {
    const subject = randomUUID();
    const keys = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).keys.obtain(subject)),
    );
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
  });

  it('is not in the database but wrapped', async () => {
    const subject = randomUUID();
    const key = await one.keys.obtain(subject);
    const { rows } = await pool.query<{ wrapped_key: Buffer }>(
      'SELECT wrapped_key FROM personal_keys.keys WHERE subject = $1',
      [subject],
    );
    expect(rows[0]?.wrapped_key.includes(key)).toBe(false);
    expect(rows[0]?.wrapped_key.includes(key.subarray(0, 8))).toBe(false);
  });

  it('is gone for every program the moment it is destroyed, and no other is made', async () => {
    const subject = randomUUID();
    const key = await one.keys.obtain(subject);
    expect(await keyOf(other.keys, subject)).toEqual(key);
    const eraser = await openKeyEraser(database.url, silentLogger);
    await eraser.keys.erase(subject);
    await eraser.keys.erase(subject);
    await eraser.close();
    expect(await keyOf(other.keys, subject)).toBeNull();
    await expect(one.keys.obtain(subject)).rejects.toThrow(destroyed);
    const { rows } = await pool.query('SELECT * FROM personal_keys.keys WHERE subject = $1', [subject]);
    expect(rows).toMatchObject([{ wrapped_key: null, master_key_id: null, destroyed_at: expect.any(Date) }]);
  });

  it('that was never made is none, and is not made after its destruction', async () => {
    const subject = randomUUID();
    expect(await keyOf(one.keys, subject)).toBeNull();
    await one.keys.erase(subject);
    await expect(other.keys.obtain(subject)).rejects.toThrow(destroyed);
  });
});

describe('a rotation of the master key', () => {
  it('wraps every key anew, after which the older one is not needed', async () => {
    const [kept, gone] = [randomUUID(), randomUUID()];
    const key = await one.keys.obtain(kept);
    await one.keys.obtain(gone);
    await one.keys.erase(gone);
    const next = randomBytes(32);
    await expect(open([next])).rejects.toMatchObject({ code: 'MASTER_KEY_UNKNOWN' });
    const rotating = await open([next, master]);
    expect(await rotating.keys.rewrapAll()).toBeGreaterThan(0);
    expect(await rotating.keys.rewrapAll()).toBe(0);
    await rotating.close();
    const after = await open([next]);
    expect(await keyOf(after.keys, kept)).toEqual(key);
    expect(await keyOf(after.keys, gone)).toBeNull();
    const back = await open([master, next]);
    await back.keys.rewrapAll();
    await Promise.all([after.close(), back.close()]);
  });
});

it('says that the keys are out of reach where the database is', async () => {
  const apart = await createTestDatabase();
  const opened = await openPersonalKeys(apart.url, [master], silentLogger);
  await apart.drop();
  await expect(opened.keys.obtain('ada')).rejects.toMatchObject({
    code: expect.stringMatching(/PERSONAL_KEYS_UNAVAILABLE|3D000/),
  });
  await opened.close();
  const unreachable = 'postgres://nobody@127.0.0.1:1/nothing';
  await expect(openPersonalKeys(unreachable, [master], silentLogger)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
