import { silentLogger } from '@abland/kernel';
import { applyMigrations } from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { collect, idsOf, sampleEvents } from '../laws/sample-events.js';
import { EVENT_STORE_MIGRATIONS } from './migrate.js';
import { openPostgresEventStore } from './postgres-event-store.js';

describe('a log in a database', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });
  const open = () => openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
  const migrate = (...more: { name: string; sql: string }[]) =>
    applyMigrations(pool, 'event_store', [...EVENT_STORE_MIGRATIONS, ...more]);
  const next = { name: '9999-note', sql: "ALTER TABLE event_store.events ADD note text NOT NULL DEFAULT ''" };

  it('keeps its events when a version with one more migration comes, and is refused by the one before it', async () => {
    const events = sampleEvents(5);
    const store = await open();
    await store.append('one', events, 'no_stream');
    await store.close();
    await migrate(next);
    const { rows } = await pool.query<{ event_id: string; note: string }>(
      'SELECT event_id, note FROM event_store.events ORDER BY position',
    );
    expect(rows).toEqual(events.map(({ id }) => ({ event_id: id, note: '' })));
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_OF_ANOTHER_VERSION' });
  });

  it('is left as it is by a version whose first migration is another', async () => {
    const events = sampleEvents(2);
    const store = await open();
    await store.append('one', events, 'no_stream');
    const edited = EVENT_STORE_MIGRATIONS.map((migration) => ({ ...migration, sql: `${migration.sql}--` }));
    await expect(applyMigrations(pool, 'event_store', [...edited, next])).rejects.toMatchObject({
      code: 'DATABASE_OF_ANOTHER_VERSION',
      details: { schema: 'event_store', migration: '0001-create-log' },
    });
    expect(idsOf(await collect(store.readAll()))).toEqual(idsOf(events));
    await store.close();
  });
});
