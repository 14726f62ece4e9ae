import { silentLogger } from '@abland/kernel';
import { createTestDatabase } from '@abland/testing';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { describeReplacedLogLaws } from '../laws/replaced-log-laws.js';
import { collect, sampleEvents } from '../laws/sample-events.js';
import { openPostgresEventStore } from './postgres-event-store.js';

for (const [name, options] of [
  ['PostgreSQL', {}],
  ['PostgreSQL, every append written ahead of the lock', { largeGroup: 1 }],
  ['PostgreSQL, appends by the pool', { appendsByPool: true, readersMax: 2 }],
] as const) {
  describeEventStoreLaws(name, async () => {
    const database = await createTestDatabase();
    const store = await openPostgresEventStore({
      connectionString: database.url,
      logger: silentLogger,
      ...options,
    });
    return {
      store,
      close: async () => {
        await store.close();
        await database.drop();
      },
    };
  });
}

const EMPTY = 'TRUNCATE event_store.events';
/** A new log is made by whoever opens the store next. */
const AWAY = 'ALTER SCHEMA event_store RENAME TO kept_away';
const BACK = 'DROP SCHEMA event_store CASCADE; ALTER SCHEMA kept_away RENAME TO event_store';

async function replaceable(largeGroup?: number) {
  const { drop, url } = await createTestDatabase();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  return {
    open: () => openPostgresEventStore({ connectionString: url, logger: silentLogger, largeGroup }),
    execute: async (statement: string) => void (await admin.query(statement)),
    close: async () => {
      await admin.end();
      await drop();
    },
  };
}

for (const [how, statement, largeGroup] of [
  ['its events are deleted', EMPTY, undefined],
  ['its events are deleted, every append written ahead of the lock', EMPTY, 1],
  ['another is made in its place', AWAY, undefined],
] as const) {
  describeReplacedLogLaws(`PostgreSQL, ${how}`, async () => {
    const log = await replaceable(largeGroup);
    const replace = async (): Promise<void> => {
      await log.execute(statement);
      await (await log.open()).close();
    };
    return { open: log.open, replace, close: log.close };
  });
}

describe('a log in PostgreSQL', () => {
  it('is known by its id before it has any event, and gone on with once it is put back', async () => {
    const log = await replaceable();
    const store = await log.open();
    try {
      await log.execute(AWAY);
      const refused = { code: 'LOG_MISMATCH' };
      await expect(store.append('s', sampleEvents(1), 'no_stream')).rejects.toMatchObject(refused);
      await (await log.open()).close();
      await expect(store.append('s', sampleEvents(1), 'no_stream')).rejects.toMatchObject(refused);
      await log.execute(BACK);
      await store.append('s', sampleEvents(1), 'no_stream');
      expect(await collect(store.readAll())).toHaveLength(1);
    } finally {
      await store.close();
      await log.close();
    }
  });

  it('is not written to after it was put back to what it was before', async () => {
    const log = await replaceable();
    const store = await log.open();
    try {
      await store.append('s', sampleEvents(3), 'no_stream');
      await log.execute(
        'DELETE FROM event_store.events WHERE position > 1; UPDATE event_store.events SET run_length = 1',
      );
      await expect(store.append('t', sampleEvents(1), 'no_stream')).rejects.toMatchObject({
        code: 'LOG_MISMATCH',
      });
    } finally {
      await store.close();
      await log.close();
    }
  });
});
