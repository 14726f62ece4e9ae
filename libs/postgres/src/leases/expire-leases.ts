import type pg from 'pg';

/** Takes a lease from whoever holds it: who leads begins no further transaction by it. One that is open goes on to its end. */
export async function revokeLease(client: Pick<pg.ClientBase, 'query'>, name: string): Promise<void> {
  await client.query(`UPDATE leases.leases SET expires_at = '-infinity', epoch = epoch + 1 WHERE name = $1`, [
    name,
  ]);
}

/**
 * Takes a lease from whoever holds it, once no transaction does so any more, until this one is committed: the next to lead begins with
 * what it leaves. Nothing where nobody ever held it.
 */
export async function expireLease(client: Pick<pg.ClientBase, 'query'>, name: string): Promise<void> {
  await client.query('SELECT FROM leases.leases WHERE name = $1 FOR UPDATE', [name]);
  await revokeLease(client, name);
}

/**
 * Lets whoever starts now lead at once: for a system whose programs have all ended, some of them without giving their leases
 * back. The epochs are raised, so that a program that is there all the same can neither write nor renew. A lease that a
 * transaction still holds is left to its time to live.
 */
export async function expireLeases(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE leases.leases SET expires_at = '-infinity', epoch = epoch + 1
     WHERE name IN (SELECT name FROM leases.leases FOR UPDATE SKIP LOCKED)`,
  );
}
