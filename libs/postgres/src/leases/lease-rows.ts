import type pg from 'pg';

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

/**
 * Null where another holds it, or where a transaction of its last holder is still open: such a one may commit, so that nobody
 * may follow yet. Time is the database's alone.
 */
export async function acquireLease(
  db: Statements,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<Lease | null> {
  const { rows } = await db.query<{ epoch: string }>({
    text: `WITH free AS (
             SELECT name FROM leases.leases
             WHERE name = $1 AND expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED
           ), taken AS (
             UPDATE leases.leases l SET holder = $2, epoch = l.epoch + 1, taken_at = clock_timestamp(),
               expires_at = clock_timestamp() + $3 * interval '1 ms'
             FROM free WHERE l.name = free.name RETURNING l.epoch
           ), created AS (
             INSERT INTO leases.leases (name, holder, epoch, taken_at, expires_at)
             SELECT $1, $2, 1, clock_timestamp(), clock_timestamp() + $3 * interval '1 ms'
             WHERE NOT EXISTS (SELECT FROM leases.leases WHERE name = $1)
             ON CONFLICT (name) DO NOTHING RETURNING epoch
           )
           SELECT epoch FROM taken UNION ALL SELECT epoch FROM created`,
    values: [name, holder, ttlMs],
  });
  return rows[0] === undefined ? null : { name, holder, epoch: BigInt(rows[0].epoch) };
}

/** False where another has taken it since. */
export async function renewLease(db: Statements, lease: Lease, ttlMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `UPDATE leases.leases SET expires_at = clock_timestamp() + $4 * interval '1 ms'
           WHERE name = $1 AND holder = $2 AND epoch = $3`,
    values: [lease.name, lease.holder, lease.epoch, ttlMs],
  });
  return rowCount === 1;
}

/** Another may take it at once. */
export async function releaseLease(db: Statements, lease: Lease): Promise<void> {
  await db.query({
    text: `UPDATE leases.leases SET expires_at = '-infinity' WHERE name = $1 AND holder = $2 AND epoch = $3`,
    values: [lease.name, lease.holder, lease.epoch],
  });
}
