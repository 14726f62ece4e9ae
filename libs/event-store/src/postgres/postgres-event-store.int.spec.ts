import { silentLogger } from '@abland/kernel';
import { createTestDatabase } from '@abland/testing';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { openPostgresEventStore } from './postgres-event-store.js';

for (const [name, largeGroup] of [
  ['PostgreSQL', undefined],
  ['PostgreSQL, every append written ahead of the lock', 1],
] as const) {
  describeEventStoreLaws(name, async () => {
    const database = await createTestDatabase();
    const store = await openPostgresEventStore({
      connectionString: database.url,
      logger: silentLogger,
      largeGroup,
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
