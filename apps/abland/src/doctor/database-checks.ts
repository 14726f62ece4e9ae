import { inspectDatabase, PostgresClient, requireSessions } from '@abland/postgres';
import { type Check, UnfitError } from './check.js';

export interface CheckedDatabase {
  readonly variable: string;
  readonly url: string;
  /** A replica, or whatever else is only read. */
  readonly isReadOnly: boolean;
  /** Connections that one program takes of it at most. */
  readonly connections: number;
}

/** No older one is tested. */
const VERSION_MIN = 15;
const CLOCK_SECONDS_MAX = 2;
const REPLICA_SECONDS_MAX = 30;

type Row = Readonly<Record<string, unknown>>;

interface Question {
  readonly about: string;
  readonly sql: string;
  /** Of a database that is read alone, or of one that is written to; of both without. */
  readonly of?: 'read' | 'written';
  /** @returns what was found. @throws UnfitError */
  readonly judge: (row: Row, seconds: { readonly asked: number; readonly answered: number }) => string;
}

/** What a database is asked, and how its answer is judged. */
export const QUESTIONS: readonly Question[] = [
  {
    about: 'version',
    sql: `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
    judge: ({ number, version }) =>
      Number(number) >= VERSION_MIN * 10_000
        ? `PostgreSQL ${String(version)}`
        : refuse(`PostgreSQL ${String(version)}`, `upgrade it to ${VERSION_MIN} or newer`),
  },
  {
    about: 'clock',
    sql: 'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
    judge({ now }, { answered, asked }) {
      const away = Math.max(asked - Number(now), Number(now) - answered, 0);
      const found = `${away.toFixed(1)} s from this machine’s`;
      return away <= CLOCK_SECONDS_MAX ? found : refuse(found, 'let NTP set the clocks of both machines');
    },
  },
  {
    ...{ about: 'permission', of: 'written' },
    sql: `SELECT has_database_privilege(current_database(), 'CREATE') AS creates, pg_is_in_recovery() AS replica, current_user AS role,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS trigrams`,
    judge({ creates, replica, role, trigrams }) {
      if (replica === true)
        return refuse('it is a replica', 'name the primary here; a replica is for DATABASE_READ_URL');
      if (creates !== true)
        return refuse(
          `${String(role)} may make no schema`,
          'GRANT CREATE ON DATABASE … to this role, or make it the owner',
        );
      return trigrams === true
        ? `${String(role)} may make schemas, and pg_trgm is there`
        : refuse('the extension pg_trgm is not there', 'install PostgreSQL’s contrib package on its machine');
    },
  },
  {
    ...{ about: 'durability', of: 'written' },
    sql: `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
      current_setting('synchronous_commit') AS synchronous_commit`,
    judge(settings) {
      const off = Object.keys(settings).filter((name) => settings[name] === 'off');
      return off.length === 0
        ? 'what is committed stays'
        : refuse(`${off.join(', ')} off`, `set ${off.join(', ')} = on`);
    },
  },
  {
    ...{ about: 'replication', of: 'read' },
    sql: `SELECT pg_is_in_recovery() AS replica, CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
      ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END AS behind`,
    judge({ behind, replica }) {
      if (replica !== true) return 'it is no replica';
      const found = `a replica, ${Number(behind ?? 0).toFixed(1)} s behind`;
      return Number(behind ?? 0) <= REPLICA_SECONDS_MAX
        ? found
        : refuse(found, 'see pg_stat_replication of the primary: APIs that read here are not ready');
    },
  },
];

export const checksOfDatabase = (database: CheckedDatabase): readonly Check[] => [
  { what: `${database.variable}: connection`, ask: () => letsIn(database) },
  ...QUESTIONS.filter(({ of }) => of === undefined || (of === 'read') === database.isReadOnly).map(
    ({ about, judge, sql }) => ({
      what: `${database.variable}: ${about}`,
      async ask() {
        const asked = Date.now() / 1_000;
        const row = await firstRow(database.url, sql);
        return judge(row, { asked, answered: Date.now() / 1_000 });
      },
    }),
  ),
];

/** @throws DatabaseUnfitError */
async function letsIn({ connections, isReadOnly, url, variable }: CheckedDatabase): Promise<string> {
  const { connectionsMax } = isReadOnly
    ? await inspectDatabase(url, variable)
    : await requireSessions(url, { variable, needed: connections });
  return `lets us in, ${connectionsMax} connections`;
}

async function firstRow(connectionString: string, sql: string): Promise<Row> {
  const client = new PostgresClient({ connectionString, application_name: 'abland-doctor' });
  try {
    await client.connect();
    const { rows } = await client.query<Row>(sql);
    return rows[0] ?? {};
  } finally {
    await client.end();
  }
}

function refuse(found: string, advice: string): never {
  throw new UnfitError(found, advice);
}
