import { describe } from '@jest/globals';
import { openPostgresEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import { createTestDatabase } from '@abland/testing';
import { ingestLaws } from './ingest-laws.fixture.js';

describe('ingestion on PostgreSQL', () => {
  ingestLaws(async () => {
    const database = await createTestDatabase();
    const options = { connectionString: database.url, logger: silentLogger };
    const eventStore = await openPostgresEventStore(options);
    const logStream = await openPostgresLogStream(options);
    return {
      eventStore,
      logStream,
      close: async () => {
        await logStream.close();
        await eventStore.close();
        await database.drop();
      },
    };
  });
});
