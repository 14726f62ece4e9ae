import type { Lead, Logger } from '@abland/kernel';
import type pg from 'pg';
import type { Lease } from './lease-rows.js';
import { takeLeases } from './take-leases.js';

export interface LeaseOptions {
  readonly pool: pg.Pool;
  /** Of what is led: one for each part, and for each chain where the part has one a chain. */
  readonly name: string;
  readonly logger: Logger;
  /** Milliseconds without a renewal after which another may take it. */
  readonly ttlMs?: number;
}

export interface HeldLease extends Lead {
  readonly lease: Lease;
}

/**
 * Takes the lease and renews it until it is released or lost; null where another holds it. Who stops renewing, for whatever
 * reason, is followed by another after the time to live.
 */
export async function takeLease({ name, ...options }: LeaseOptions): Promise<HeldLease | null> {
  const held = await takeLeases({ ...options, names: [name] });
  const lease = held?.leases.get(name);
  if (held === null || lease === undefined) return null;
  return { lease, lost: held.lost, release: () => held.release() };
}
