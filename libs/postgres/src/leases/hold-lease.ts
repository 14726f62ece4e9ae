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
 * To be the first statement of each transaction of a leader: from then on nobody can take the lease until the transaction
 * ends, so that what it writes is written by the one leader. Renewing is not held up by it.
 * @throws LeaseLostError where the lease has expired or is another's
 */
export async function holdLease(client: Pick<pg.ClientBase, 'query'>, lease: Lease): Promise<void> {
  const { rowCount } = await client.query({
    text: `SELECT set_config('idle_in_transaction_session_timeout', $3, true) FROM leases.leases
           WHERE name = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR KEY SHARE`,
    values: [lease.name, lease.epoch, String(IDLE_MS_MAX)],
  });
  if (rowCount !== 1) throw leaseLost(lease);
}

export function leaseLost({ name, epoch }: Lease): LeaseLostError {
  return new LeaseLostError(`The lease ${name} is no longer held`, { name, epoch: epoch.toString() });
}
