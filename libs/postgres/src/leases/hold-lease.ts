import { AblandError } from '@abland/kernel';
import type pg from 'pg';
import type { Lease } from './lease-rows.js';

/** Another may lead by now, or leads: what this one was about to write must not be written. */
export class LeaseLostError extends AblandError {
  readonly code = 'LEASE_LOST';
  override readonly failureClass = 'LATER';
}

/**
 * Milliseconds that a leader's transaction may stand without a statement before PostgreSQL ends it: as long it can keep others
 * from leading when its program is gone and its connection does not say so.
 */
const IDLE_MS_MAX = 30_000;

/**
 * To be the first statement of each transaction of a leader: from then on nobody can take the leases until the transaction
 * ends, so that what it writes is written by the one leader. Renewing is not held up by it.
 * @throws LeaseLostError where one has expired or is another's
 */
export async function holdLeases(
  client: Pick<pg.ClientBase, 'query'>,
  leases: readonly Lease[],
): Promise<void> {
  const { rowCount } = await client.query({
    text: `SELECT set_config('idle_in_transaction_session_timeout', $3, true)
           FROM leases.leases l JOIN unnest($1::text[], $2::bigint[]) AS held (name, epoch) USING (name, epoch)
           WHERE l.expires_at > clock_timestamp() FOR KEY SHARE OF l`,
    values: [
      leases.map(({ name }) => name),
      leases.map(({ epoch }) => epoch.toString()),
      String(IDLE_MS_MAX),
    ],
  });
  if (rowCount !== leases.length) throw leaseLost(leases);
}

/** As `holdLeases`, of one. */
export const holdLease = (client: Pick<pg.ClientBase, 'query'>, lease: Lease): Promise<void> =>
  holdLeases(client, [lease]);

export function leaseLost(leases: readonly Lease[]): LeaseLostError {
  const names = leases.map(({ name }) => name).join(', ');
  const epoch = leases.map((lease) => lease.epoch.toString()).join(', ');
  return new LeaseLostError(
    leases.length === 1
      ? `The lease ${names} is no longer held`
      : `Not all of the leases ${names} are held any longer`,
    { name: names, epoch },
  );
}
