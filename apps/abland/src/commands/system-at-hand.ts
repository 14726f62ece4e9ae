import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AblandError } from '@abland/kernel';
import { inspectDatabase, PostgresClient } from '@abland/postgres';

/** There is no system of ours where a command looks for one: a slip in a setting, or no program has run there. */
export class NoSystemError extends AblandError {
  constructor(
    readonly code: 'NO_SYSTEM_THERE' | 'SYSTEM_NOT_PREPARED',
    message: string,
    cause?: unknown,
  ) {
    super(message, {}, cause);
  }
}

const SCHEMAS = ['event_store', 'projections', 'processes'];

/**
 * Asks before anything is opened, as opening a log makes one where there is none.
 * @throws DatabaseUnfitError, NoSystemError
 */
export async function requireSystemIn(databaseUrl: string): Promise<void> {
  await inspectDatabase(databaseUrl, 'DATABASE_URL');
  const client = new PostgresClient({ connectionString: databaseUrl, application_name: 'abland-operator' });
  try {
    await client.connect();
    const { rows } = await client.query<{ ours: boolean }>(
      'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ANY ($1)) AS ours',
      [SCHEMAS],
    );
    if (rows[0]?.ours === true) return;
  } finally {
    await client.end();
  }
  throw new NoSystemError('NO_SYSTEM_THERE', 'DATABASE_URL leads to a database without a system of ours');
}

/** @throws NoSystemError */
export function requireSystemBelow(dataDir: string): void {
  if (existsSync(join(dataDir, 'format.json'))) return;
  throw new NoSystemError(
    'NO_SYSTEM_THERE',
    `${dataDir} holds no system: set ABLAND_DATA_DIR to the folder of one, or DATABASE_URL`,
  );
}

/** A table that a command reads is made by a program's start: of another version, or none ran yet. */
export function notPrepared(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== '42P01' && code !== '3F000') return error;
  return new NoSystemError(
    'SYSTEM_NOT_PREPARED',
    'What this version reads is not there yet: start its programs first',
    error,
  );
}
