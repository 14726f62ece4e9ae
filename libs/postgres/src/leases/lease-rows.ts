import type pg from 'pg';
import { isStanding } from './standing-lease.js';

/** What a leader shows with each transaction. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly epoch: bigint;
}

/** Each of these is one statement of its own, on whichever connection: nothing is kept in a session. */
export interface Statements {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

interface LeaseRow {
  name: string;
  epoch: string;
}

/**
 * Milliseconds of the database's clock. What was written by an epoch stays beside the row: a topic of the log stream takes no lower one.
 * So one is higher than all before also where the row is gone, or is that of a database brought back to an earlier moment.
 */
const EPOCH_NOW = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * Those of the names that nobody holds, or one of the former holders, who let go of them. One whose last holder still has a transaction open is not among them: that may commit,
 * so that nobody may follow yet. Time is the database's alone.
 */
export async function acquireLeases(
  db: Statements,
  names: readonly string[],
  holder: string,
  ttlMs: number,
  former: readonly string[] = [],
): Promise<readonly Lease[]> {
  const { rows } = await db.query<LeaseRow>({
    text: `WITH free AS (
             SELECT name FROM leases.leases l
             WHERE name = ANY($1) AND (NOT ${isStanding('l')} OR holder = ANY($4::uuid[])) FOR UPDATE SKIP LOCKED
           ), taken AS (
             UPDATE leases.leases l SET holder = $2, epoch = greatest(l.epoch + 1, ${EPOCH_NOW}), taken_at = clock_timestamp(),
               expires_at = clock_timestamp() + $3 * interval '1 ms', ttl_ms = $3
             FROM free WHERE l.name = free.name RETURNING l.name, l.epoch
           ), created AS (
             INSERT INTO leases.leases (name, holder, epoch, taken_at, expires_at, ttl_ms)
             SELECT name, $2, ${EPOCH_NOW}, clock_timestamp(), clock_timestamp() + $3 * interval '1 ms', $3
             FROM unnest($1::text[]) AS wanted (name)
             WHERE NOT EXISTS (SELECT FROM leases.leases l WHERE l.name = wanted.name)
             ORDER BY name
             ON CONFLICT (name) DO NOTHING RETURNING name, epoch
           )
           SELECT name, epoch FROM taken UNION ALL SELECT name, epoch FROM created`,
    values: [names, holder, ttlMs, former],
  });
  return rows.map(({ name, epoch }) => ({ name, holder, epoch: BigInt(epoch) }));
}

/** The names of those that are still held; the others have been taken by another since. */
export async function renewLeases(
  db: Statements,
  leases: readonly Lease[],
  ttlMs: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<LeaseRow>({
    text: `UPDATE leases.leases l SET expires_at = clock_timestamp() + $4 * interval '1 ms', ttl_ms = $4
           FROM unnest($1::text[], $2::uuid[], $3::bigint[]) AS held (name, holder, epoch)
           WHERE l.name = held.name AND l.holder = held.holder AND l.epoch = held.epoch RETURNING l.name`,
    values: [...columnsOf(leases), ttlMs],
  });
  return new Set(rows.map(({ name }) => name));
}

/** Another may take them at once. */
export async function releaseLeases(db: Statements, leases: readonly Lease[]): Promise<void> {
  await db.query({
    text: `UPDATE leases.leases l SET expires_at = '-infinity'
           FROM unnest($1::text[], $2::uuid[], $3::bigint[]) AS held (name, holder, epoch)
           WHERE l.name = held.name AND l.holder = held.holder AND l.epoch = held.epoch`,
    values: columnsOf(leases),
  });
}

const columnsOf = (leases: readonly Lease[]): unknown[] => [
  leases.map(({ name }) => name),
  leases.map(({ holder }) => holder),
  leases.map(({ epoch }) => epoch.toString()),
];
