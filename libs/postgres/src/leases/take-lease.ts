import { randomUUID } from 'node:crypto';
import { GrowingPause, type Lead, type Logger, systemTiming, within } from '@abland/kernel';
import type pg from 'pg';
import { leaseLost } from './hold-lease.js';
import { acquireLease, type Lease, releaseLease, renewLease, type Statements } from './lease-rows.js';

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

const TTL_MS = 10_000;

/**
 * Takes the lease and renews it until it is released or lost; null where another holds it. Who stops renewing, for whatever
 * reason, is followed by another after the time to live.
 */
export async function takeLease(options: LeaseOptions): Promise<HeldLease | null> {
  const { name, pool, ttlMs = TTL_MS } = options;
  const statements = limited(pool, ttlMs / 3);
  const asked = systemTiming.now();
  const lease = await acquireLease(statements, name, randomUUID(), ttlMs);
  if (lease === null) return null;
  const renewal = new Renewal(lease, statements, ttlMs, options.logger);
  const renewing = renewal.run(asked);
  return {
    lease,
    lost: renewal.lost.signal,
    async release() {
      renewal.released.abort();
      await renewing;
      await releaseLease(statements, lease);
    },
  };
}

class Renewal {
  readonly lost = new AbortController();
  readonly released = new AbortController();

  constructor(
    private readonly lease: Lease,
    private readonly statements: Statements,
    private readonly ttlMs: number,
    private readonly logger: Logger,
  ) {}

  /** @param heldSince when the lease was asked for, on our clock, which measures durations alone */
  async run(heldSince: number): Promise<void> {
    const { lease, released, statements, ttlMs } = this;
    const retries = new GrowingPause({ min: ttlMs / 20, max: ttlMs / 5 }, systemTiming);
    let pauseMs = ttlMs / 3;
    for (;;) {
      await systemTiming.pause(pauseMs, released.signal);
      if (released.signal.aborted) return;
      const asked = systemTiming.now();
      try {
        if (!(await renewLease(statements, lease, ttlMs))) return this.lose();
        heldSince = asked;
        pauseMs = ttlMs / 3;
        retries.reset();
      } catch (error) {
        this.logger.warn({ err: error, lease: lease.name }, 'lease not renewed');
        pauseMs = retries.take();
      }
      if (systemTiming.now() - heldSince >= ttlMs) return this.lose();
    }
  }

  private lose(): void {
    if (!this.released.signal.aborted) this.lost.abort(leaseLost(this.lease));
  }
}

/** Each statement with a limit, the waiting for a connection included. */
function limited(pool: pg.Pool, ms: number): Statements {
  return {
    query: (query) =>
      within(ms, 'a statement on a lease', pool.query({ ...query, query_timeout: ms } as pg.QueryConfig)),
  };
}
