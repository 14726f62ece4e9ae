import { describe } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { MemoryLogStream } from '@abland/log-stream';
import { ingestLaws } from './ingest-laws.fixture.js';

describe('ingestion in memory', () => {
  ingestLaws(async () => ({
    eventStore: new MemoryEventStore(),
    logStream: new MemoryLogStream(),
    close: async () => undefined,
  }));
});
