import { silentLogger } from '@abland/kernel';
import { createTestDatabase } from '@abland/testing';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { openPostgresEventStore } from './postgres-event-store.js';

describeEventStoreLaws('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const store = await openPostgresEventStore({ connectionString: database.url, logger: silentLogger });
  return {
    store,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});
