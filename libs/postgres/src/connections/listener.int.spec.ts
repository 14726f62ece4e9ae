import { type Logger, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { PostgresListener } from './listener.js';

describe('a listener', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const listeners: PostgresListener[] = [];
  const open = (channel: string, logger: Logger = silentLogger): PostgresListener => {
    const listener = new PostgresListener({ connectionString: database.url }, channel, logger);
    listeners.push(listener);
    return listener;
  };
  const heardOn = (listener: PostgresListener): (string | null)[] => {
    const heard: (string | null)[] = [];
    listener.listen((payload) => void heard.push(payload));
    return heard;
  };
  const listening = async (): Promise<number> => {
    const { rowCount } = await admin.query(
      `SELECT FROM pg_stat_activity WHERE application_name = 'abland-listener' AND datname = current_database()`,
    );
    return rowCount ?? 0;
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    await admin.end();
    await database.drop();
  });

  it('hears its own channel, over the one connection of all of them', async () => {
    const [first, second] = [heardOn(open('first')), heardOn(open('second'))];
    await eventually(() => expect([first, second]).toEqual([[null], [null]]));
    const third = heardOn(open('third'));
    await eventually(() => expect(third).toEqual([null]));
    expect(await listening()).toBe(1);
    await admin.query("NOTIFY first, 'a'; NOTIFY second, 'b'; NOTIFY third, 'c'");
    await eventually(() =>
      expect([first, second, third]).toEqual([
        [null, 'a'],
        [null, 'b'],
        [null, 'c'],
      ]),
    );
  });

  it('hears again after its connection was cut, and says that it may have missed something', async () => {
    const heard = heardOn(open('first'));
    await eventually(() => expect(heard).toEqual([null]));
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'abland-listener' AND datname = current_database()`,
    );
    await eventually(() => expect(heard).toEqual([null, null]));
    await admin.query("NOTIFY first, 'a'");
    await eventually(() => expect(heard).toEqual([null, null, 'a']));
  });

  it('hears its channel whenever it came while the connection was made', async () => {
    const original = pg.Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
    // Each so many turns of the queue after the last channel was listened to.
    for (let turns = 0; turns < 16; turns += 1) {
      const [first, late] = [open('first'), open(`late_${turns}`)];
      const heard: (string | null)[] = [];
      const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
        this: pg.Client,
        ...args: unknown[]
      ) {
        const result = original.apply(this, args);
        if (args[0] === 'LISTEN "first"')
          void result.then(async () => {
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            late.listen((payload) => void heard.push(payload));
          });
        return result;
      } as never);
      try {
        heardOn(first);
        await eventually(() => expect(heard).toContain(null));
        await eventually(async () => {
          await admin.query(`NOTIFY late_${turns}, 'a'`);
          expect(heard).toContain('a');
        });
      } finally {
        spy.mockRestore();
      }
      await Promise.all([first.close(), late.close()]);
    }
  });

  it('lets go of the connection with the last one', async () => {
    const [first, second] = [open('first'), open('second')];
    const heard = [heardOn(first), heardOn(second)];
    await eventually(() => expect(heard).toEqual([[null], [null]]));
    await first.close();
    await first.close();
    expect(await listening()).toBe(1);
    await second.close();
    await eventually(async () => expect(await listening()).toBe(0));
  });

  it('outlives whoever cannot make anything of what it is told', async () => {
    const listener = open('first');
    listener.listen((payload) => {
      if (payload !== null) BigInt(payload);
    });
    const heard = heardOn(listener);
    await eventually(() => expect(heard).toEqual([null]));
    await admin.query("NOTIFY first, 'x'; NOTIFY first, '1'");
    await eventually(() => expect(heard).toEqual([null, 'x', '1']));
  });
});
