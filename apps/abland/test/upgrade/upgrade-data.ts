import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { applyMigrations, migrationHash, inTransaction } from '@abland/postgres';
import pg from 'pg';
import { ALL_MIGRATIONS } from '../../src/migrations/all-migrations.js';

const RELEASED = fileURLToPath(new URL('released/', import.meta.url));
const ROWS_A_STATEMENT = 500;

/** What record-upgrade-data.mjs wrote of a system that was stopped. */
export interface UpgradeData {
  readonly version: string;
  /** When its last event was recorded, ISO 8601. */
  readonly recordedAt: string;
  /** Hashes of `<schema>/<name>`. */
  readonly migrations: Readonly<Record<string, string>>;
  /** Of the stored events, before any codec. */
  readonly log: { readonly events: number; readonly checksum: string };
  /** Of each table of the read models. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly masterKey: string;
  readonly chain: {
    readonly chainId: number;
    readonly contracts: {
      readonly tokenFactory: string;
      readonly liquidityManager: string;
      readonly forwarder: string;
      readonly governance: { readonly governor: string; readonly timelock: string; readonly token: string };
    };
  };
  /** Somebody of whom there is much in the log. */
  readonly person: { readonly privateKey: string; readonly address: string };
  /** A swap of theirs that waits for them, as they asked for it. */
  readonly open: {
    readonly commandId: string;
    readonly document: string;
    readonly input: Readonly<Record<string, unknown>>;
  };
  /** What the API answered. */
  readonly answers: readonly { readonly name: string; readonly document: string; readonly data: unknown }[];
}

/** Names of all recordings, oldest first. */
export const recordings = (): readonly string[] => readdirSync(RELEASED).sort();

export const readUpgradeData = (name: string): UpgradeData =>
  JSON.parse(readFileSync(`${RELEASED}${name}/manifest.json`, 'utf8')) as UpgradeData;

/**
 * Makes the database that was recorded: its migrations and no more, and its rows.
 * @throws RangeError where this version has one of these migrations no longer as it was applied
 */
export async function restoreDatabase(url: string, name: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  try {
    await applyRecorded(pool, readUpgradeData(name).migrations);
    await load(pool, gunzipSync(readFileSync(`${RELEASED}${name}/data.sql.gz`)).toString());
  } finally {
    await pool.end();
  }
}

async function applyRecorded(pool: pg.Pool, wanted: UpgradeData['migrations']): Promise<void> {
  for (const [name, hash] of Object.entries(wanted)) {
    const [schema = '', migration] = name.split('/');
    const found = ALL_MIGRATIONS[schema]?.find((one) => one.name === migration);
    if (found !== undefined && migrationHash(found) === hash) continue;
    throw new RangeError(
      found === undefined
        ? `The recorded database has the migration ${name}, which this version has no longer: put it back, for databases out there have it too`
        : `The recorded database has the migration ${name}, which this version has in other words: put it back as it was and write a new one, for databases out there would be refused (${hash.slice(0, 12)} was applied, ${migrationHash(found).slice(0, 12)} is there)`,
    );
  }
  for (const [schema, migrations] of Object.entries(ALL_MIGRATIONS)) {
    const recorded = migrations.filter((migration) => wanted[`${schema}/${migration.name}`] !== undefined);
    if (recorded.length > 0) await applyMigrations(pool, schema, recorded);
  }
}

/** As psql would: DDL, then COPY blocks, without triggers and foreign keys. */
async function load(pool: pg.Pool, sql: string): Promise<void> {
  const [ddl = '', ...copies] = sql.split(/^COPY /m);
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL session_replication_role = replica`);
    await client.query(`SET LOCAL timezone = 'UTC'`);
    await client.query(ddl);
    for (const copy of copies) await loadTable(client, copy);
  });
}

async function loadTable(client: pg.ClientBase, copy: string): Promise<void> {
  const lines = copy.split('\n');
  const head = /^(?<table>\S+) \((?<columns>.*)\) FROM stdin;$/.exec(lines[0] ?? '')?.groups;
  if (head === undefined) throw new RangeError(`Not a COPY block: ${lines[0]?.slice(0, 200)}`);
  const { table = '', columns = '' } = head;
  await client.query(`DELETE FROM ${table}`); // what the migrations put there
  const rows = lines.slice(1, lines.indexOf('\\.')).map((line) => line.split('\t').map(fromCopyText));
  const values = columns.split(', ').map((column, index) => `line ->> ${index} AS ${column}`);
  const { rows: typed } = await client.query<{ name: string; type: string }>(
    `SELECT '"' || attname || '"' AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0`,
    [table],
  );
  const typeOf = (column: string): string => typed.find(({ name }) => name === column)?.type ?? '';
  const cast = columns.split(', ').map((column) => `${column}::${typeOf(column)}`);
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    await client.query(
      `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
         SELECT ${cast.join(', ')} FROM (SELECT ${values.join(', ')} FROM json_array_elements($1) AS line) AS given`,
      [JSON.stringify(rows.slice(from, from + ROWS_A_STATEMENT))],
    );
  }
  await setIdentity(client, table);
}

/** A counter goes on after what was loaded. */
async function setIdentity(client: pg.ClientBase, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attidentity <> ''`,
    [table],
  );
  for (const { name } of rows) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${name}), 0) + 1, false) FROM ${table}`,
      [table, name],
    );
  }
}

const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
const fromCopyText = (text: string): string | null =>
  text === '\\N' ? null : text.replace(/\\([nrt\\])/g, (_all, name: string) => UNESCAPED[name] ?? name);
