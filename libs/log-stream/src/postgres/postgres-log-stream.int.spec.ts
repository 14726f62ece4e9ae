import { setTimeout as sleep } from 'node:timers/promises';
import { type Json, silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeLogStreamLaws } from '../laws/log-stream-laws.js';
import { openPostgresLogStream } from './postgres-log-stream.js';

describeLogStreamLaws('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const options = { connectionString: database.url, logger: silentLogger };
  const [stream, other] = [await openPostgresLogStream(options), await openPostgresLogStream(options)];
  return {
    stream,
    other,
    close: async () => {
      await stream.close();
      await other.close();
      await database.drop();
    },
  };
});

describe('PostgreSQL log stream', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });

  it('goes on consuming, without skipping or repeating, after its connections were cut', async () => {
    const stream = await openPostgresLogStream({ connectionString: database.url, logger: silentLogger });
    const other = await openPostgresLogStream({ connectionString: database.url, logger: silentLogger });
    const abort = new AbortController();
    const seen: Json[] = [];
    const consuming = (async () => {
      for await (const batch of stream.consume('blocks', { signal: abort.signal })) {
        seen.push(...batch.map(({ value }) => value));
        if (seen.length >= 40) abort.abort();
      }
    })();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    for (let value = 0; value < 40; value += 1) {
      await publishUntilDone(other, value);
      if (value % 10 === 5) {
        await admin.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      }
    }
    await consuming;
    expect(seen).toEqual(Array.from({ length: 40 }, (_, value) => value));
    await admin.end();
    await stream.close();
    await other.close();
  });

  async function publishUntilDone(
    stream: Awaited<ReturnType<typeof openPostgresLogStream>>,
    value: number,
  ): Promise<void> {
    for (;;) {
      const last = await stream.last('blocks').catch(() => undefined);
      if (last?.value === value) return;
      if (last === undefined) {
        await sleep(20);
        continue;
      }
      await stream.publish('blocks', [value]).catch((error: { code?: string }) => {
        expect(error.code).toBe('LOG_STREAM_UNAVAILABLE');
      });
    }
  }
});
