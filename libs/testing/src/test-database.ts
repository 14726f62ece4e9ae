import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { TEST_POSTGRES_URL } from './environment.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/** An empty database of its own on the server that the test run started. */
export const createTestDatabase = (): Promise<TestDatabase> => createFrom('template1');

/**
 * A database of its own with what `prepare` puts into an empty one. That happens once a run for each name, by whichever worker
 * comes first; the others copy it, in a fraction of the time of a set of migrations.
 *
 * @param name in small letters
 * @param prepare leaves no connection open
 */
export async function createPreparedDatabase(
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<TestDatabase> {
  const template = `prepared_${name}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await prepareTemplate(client, template, prepare);
  });
  return createFrom(template);
}

/** Has its name only once it is whole. */
async function prepareTemplate(
  client: pg.Client,
  template: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${template}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  await prepare(urlOf(unfinished));
  // Nobody may be connected while it is copied.
  await client.query(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    unfinished,
  ]);
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
}

async function createFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: urlOf(name),
    drop: () => onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): string {
  const server = process.env[TEST_POSTGRES_URL];
  if (server === undefined)
    throw new Error(`${TEST_POSTGRES_URL} is not set: run through jest with its global setup`);
  return server;
}

async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
