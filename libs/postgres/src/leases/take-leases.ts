import { randomUUID } from 'node:crypto';
import { GrowingPause, type Lead, type Logger, Outages, systemTiming, within } from '@abland/kernel';
import type pg from 'pg';
import { FormerHolders } from './former-holders.js';
import { leaseLost } from './hold-lease.js';
import { acquireLeases, type Lease, releaseLeases, renewLeases, type Statements } from './lease-rows.js';

export interface LeasesOptions {
  readonly pool: pg.Pool;
  readonly names: readonly string[];
  readonly logger: Logger;
  /** Milliseconds without a renewal after which another may take them. */
  readonly ttlMs?: number;
}

/** Leases of one holder, renewed together. `lost` aborts when any of them is lost. */
export interface HeldLeases extends Lead {
  /** Those that are held, by name. */
  readonly leases: ReadonlyMap<string, Lease>;
  /** Takes those of the names that are free, and gives back what is held and not among them. */
  keep(names: readonly string[]): Promise<void>;
}

const TTL_MS = 10_000;
const former = new FormerHolders();

/**
 * Takes those of the leases that are free and renews them until they are released or one is lost; null where others hold all of
 * them. Who stops renewing, for whatever reason, is followed by another after the time to live.
 */
export async function takeLeases(options: LeasesOptions): Promise<HeldLeases | null> {
  const { logger, names, pool, ttlMs = TTL_MS } = options;
  const keeper = new LeaseKeeper(limited(pool, ttlMs / 3), ttlMs, logger);
  await keeper.keep(names);
  if (keeper.leases.size === 0) return null;
  keeper.start();
  return keeper;
}

class LeaseKeeper implements HeldLeases {
  readonly leases = new Map<string, Lease>();
  private readonly holder = randomUUID();
  private readonly losing = new AbortController();
  private readonly released = new AbortController();
  /** When the leases were asked for or renewed, on our clock, which measures durations alone. */
  private heldSince = systemTiming.now();
  private renewing: Promise<void> = Promise.resolve();
  private readonly notRenewed: Outages;

  constructor(
    private readonly statements: Statements,
    private readonly ttlMs: number,
    logger: Logger,
  ) {
    this.notRenewed = Outages.of(logger, 'leases not renewed');
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  start(): void {
    this.renewing = this.renew();
  }

  async keep(names: readonly string[]): Promise<void> {
    const { holder, leases, statements, ttlMs } = this;
    const wanted = names.filter((name) => !leases.has(name));
    if (wanted.length > 0) {
      const taken = await this.heard(wanted, () =>
        acquireLeases(statements, wanted, holder, ttlMs, former.of(wanted)),
      );
      former.forget(taken.map(({ name }) => name));
      for (const lease of taken) leases.set(lease.name, lease);
    }
    const unwanted = [...leases.values()].filter(({ name }) => !names.includes(name));
    for (const { name } of unwanted) leases.delete(name);
    if (unwanted.length > 0) await this.giveBack(unwanted);
  }

  async release(): Promise<void> {
    this.released.abort();
    await this.renewing;
    await this.giveBack([...this.leases.values()]);
  }

  private async giveBack(leases: readonly Lease[]): Promise<void> {
    const names = leases.map(({ name }) => name);
    await this.heard(names, () => releaseLeases(this.statements, leases));
  }

  /** What came of a statement; where that is not known, whoever asks for the leases next knows that nobody holds them here. */
  private async heard<Result>(names: readonly string[], statement: () => Promise<Result>): Promise<Result> {
    try {
      return await statement();
    } catch (error) {
      former.add(names, this.holder);
      throw error;
    }
  }

  private async renew(): Promise<void> {
    const { released, statements, ttlMs } = this;
    const retries = new GrowingPause({ min: ttlMs / 20, max: ttlMs / 5 }, systemTiming);
    let pauseMs = ttlMs / 3;
    for (;;) {
      await systemTiming.pause(pauseMs, released.signal);
      if (released.signal.aborted) return;
      const asked = systemTiming.now();
      const leases = [...this.leases.values()];
      try {
        const kept = await renewLeases(statements, leases, ttlMs);
        // What was given back meanwhile is no loss.
        const gone = leases.filter((lease) => !kept.has(lease.name) && this.leases.get(lease.name) === lease);
        if (gone.length > 0) return this.lose(gone);
        this.heldSince = asked;
        pauseMs = ttlMs / 3;
        retries.reset();
      } catch (error) {
        this.notRenewed.note(error, { leases: leases.map(({ name }) => name) });
        pauseMs = retries.take();
      }
      if (systemTiming.now() - this.heldSince >= ttlMs) return this.lose(leases);
    }
  }

  private lose(leases: readonly Lease[]): void {
    if (!this.released.signal.aborted) this.losing.abort(leaseLost(leases));
  }
}

/** Each statement with a limit, the waiting for a connection included. */
function limited(pool: pg.Pool, ms: number): Statements {
  return {
    query: (query) =>
      within(ms, 'a statement on a lease', pool.query({ ...query, query_timeout: ms } as pg.QueryConfig)),
  };
}
