import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import { TEST_POSTGRES_URL } from './environment.js';

let server: { postgres: RunningPostgres; dataDir: string } | undefined;

/** One real PostgreSQL for the whole run; without fsync, since no test on it cuts the power. */
export async function startTestPostgres(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-test-'));
  const postgres = await startPostgres({
    dataDir,
    database: 'postgres',
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=300'],
  });
  server = { postgres, dataDir };
  process.env[TEST_POSTGRES_URL] = postgres.url;
}

export async function stopTestPostgres(): Promise<void> {
  if (server === undefined) return;
  await server.postgres.stop();
  await removePostgresData(server.dataDir);
}
