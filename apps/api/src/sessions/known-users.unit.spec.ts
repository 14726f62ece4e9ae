import { describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { EventStore, NewEvent } from '@abland/kernel';
import { v4 as uuid } from 'uuid';
import { BELIEVED_MS, KnownUsers } from './known-users.js';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const AT = '2026-01-01T12:00:00.000Z';
const metadata = { correlationId: 'c', causationId: null, actor: 'test' };
const event = (type: string, data: object): NewEvent => ({
  ...{ id: uuid(), type, version: 1, metadata },
  data: { address: ADDRESS, at: AT, ...data },
});
const started = (sessionId: string): NewEvent =>
  event('SessionStarted', { sessionId, tokenHash: '0x', expiresAt: '2026-02-01T12:00:00.000Z' });

const created = (keyId: string): NewEvent =>
  event('ApiKeyCreated', { keyId, secretHash: '0x', scopes: [], expiresAt: '2026-02-01T12:00:00.000Z' });

/** A log that counts how often it is looked into, and what is known of it. */
function setUp() {
  const store = new MemoryEventStore();
  const time = { now: 0 };
  const looks = { count: 0, hold: Promise.resolve() };
  const log = new Proxy<EventStore>(store, {
    get(target, name) {
      if (name !== 'readStream') return Reflect.get(target, name) as unknown;
      return async function* (stream: string) {
        looks.count += 1;
        const pages = [];
        for await (const page of target.readStream(stream)) pages.push(page);
        await looks.hold;
        yield* pages;
      };
    },
  });
  const known = new KnownUsers(log, { now: () => time.now });
  const keys = async (keyId: string, address = ADDRESS): Promise<string[]> =>
    Object.keys((await known.presumedOf(address, ({ apiKeys }) => keyId in apiKeys)).apiKeys);
  const add = (...events: NewEvent[]) => store.append(userStream(ADDRESS), events, 'any');
  const ids = async (): Promise<string[]> => Object.keys((await known.of(ADDRESS)).sessions);
  return { add, ids, keys, known, looks, time };
}

describe('who is known to be signed in', () => {
  it('is looked for in the log once in a while, and again when it is told of an end', async () => {
    const { add, ids, known, looks, time } = setUp();
    await add(event('UserRegistered', {}), started('a'));
    expect(await ids()).toEqual(['a']);
    await add(event('SessionEnded', { sessionId: 'a', reason: 'REVOKED' }));
    time.now += BELIEVED_MS - 1;
    expect([await ids(), looks.count]).toEqual([['a'], 1]);
    known.forget(ADDRESS);
    expect([await ids(), looks.count]).toEqual([[], 2]);
  });

  it('is believed for five seconds where nobody tells anything', async () => {
    const { add, ids, time } = setUp();
    await add(event('UserRegistered', {}), started('a'));
    expect(await ids()).toEqual(['a']);
    await add(event('SessionEnded', { sessionId: 'a', reason: 'REVOKED' }));
    time.now += BELIEVED_MS;
    expect(await ids()).toEqual([]);
  });

  it('is asked for again where a look failed, also one that was taken for that of who was let in meanwhile', async () => {
    const { add, ids, keys, known, looks } = setUp();
    await add(event('UserRegistered', {}), started('a'), created('k'));
    const held = Promise.withResolvers<void>();
    looks.hold = held.promise;
    const madeUp = keys('made up');
    while (looks.count === 0) await Promise.resolve();
    known.admit(ADDRESS);
    held.reject(new Error('The log is away'));
    await expect(madeUp).rejects.toThrow('The log is away');
    looks.hold = Promise.resolve();
    expect(await ids()).toEqual(['a']);
  });

  it('is not what was read before an end that was heard of meanwhile', async () => {
    const { add, ids, known, looks } = setUp();
    await add(event('UserRegistered', {}), started('a'));
    const held = Promise.withResolvers<void>();
    looks.hold = held.promise;
    const before = ids();
    while (looks.count === 0) await Promise.resolve();
    await add(event('SessionEnded', { sessionId: 'a', reason: 'REVOKED' }));
    known.forget(ADDRESS);
    held.resolve();
    await before;
    expect(await ids()).toEqual([]);
  });

  it('is one look for whoever only says to be somebody, however it is said', async () => {
    const { add, keys, known, looks } = setUp();
    await add(event('UserRegistered', {}), created('a'));
    expect([await keys('made up'), looks.count]).toEqual([['a'], 1]);
    expect([await keys('made up'), looks.count]).toEqual([['a'], 2]);
    expect([await keys('a'), await keys('a'), looks.count]).toEqual([['a'], ['a'], 2]);
    await add(created('b'));
    expect([await keys('b'), looks.count]).toEqual([['a', 'b'], 3]);
    known.forget(ADDRESS);
    expect([await keys('b'), looks.count]).toEqual([['a', 'b'], 4]);
  });

  it('stays known beside any number of those that somebody makes up, by a key too', async () => {
    const { add, ids, keys, known, looks } = setUp();
    await add(event('UserRegistered', {}), started('a'), created('a'));
    await ids();
    for (let count = 0; count < 1_000; count += 1) await keys('none', `0x${count}`);
    const before = looks.count;
    await ids();
    expect(looks.count).toBe(before);
    known.forget(ADDRESS);
    await keys('a');
    known.admit(ADDRESS);
    for (let count = 0; count < 11_000; count += 1) await keys('none', `0x${count}`);
    const after = looks.count;
    await keys('a');
    expect(looks.count).toBe(after);
  });

  it('is looked for again where the log could not be read', async () => {
    const { add, ids, looks } = setUp();
    await add(event('UserRegistered', {}), started('a'));
    looks.hold = Promise.reject(new Error('out of reach'));
    await expect(ids()).rejects.toThrow('out of reach');
    looks.hold = Promise.resolve();
    expect(await ids()).toEqual(['a']);
  });
});
