import { type EventStore, within } from '@abland/kernel';
import type pg from 'pg';
import type { ChainProgress, LogProgress, ProgressReader } from './progress.js';

export interface HealthCheck {
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

export interface ReadinessPorts {
  readonly pool: pg.Pool;
  readonly log: EventStore;
  readonly progress: ProgressReader;
  readonly chainIds: readonly number[];
  /** What whoever runs the API knows beside it, by name. */
  readonly others: HealthChecks;
}

export type HealthChecks = Readonly<Record<string, () => Promise<HealthCheck>>>;

/** Further behind than this, answers would mislead. */
const LAG_SECONDS_MAX = 30;
const LAG_BLOCKS_MAX = 100;
const CHECK_WITHIN_MS = 3_000;

/** Whether this process can answer rightly now: each part is asked, none is assumed. */
export async function checkReadiness(ports: ReadinessPorts): Promise<Readiness> {
  const { pool, log, progress, chainIds, others } = ports;
  const entries = await Promise.all([
    check('database', async () => {
      const { rows } = await pool.query<{ mode: string }>(
        `SELECT current_setting('transaction_read_only') AS mode`,
      );
      // A primary that is being switched over, say: it answers, and takes nothing.
      const readOnly = rows[0]?.mode === 'on';
      return readOnly ? { ok: false, error: 'READ_ONLY' } : { ok: true };
    }),
    check('store', async () => ({ ok: true, head: await log.head() })),
    check('projections', async () => projections(await progress.ofLog())),
    ...chainIds.map((id) => check(`chain-${id}`, async () => chain(await progress.ofChain(id)))),
    ...Object.entries(others).map(([name, run]) => check(name, run)),
  ]);
  const checks = Object.fromEntries(entries);
  return { ready: Object.values(checks).every(({ ok }) => ok), checks };
}

function projections({ lagSeconds, position }: LogProgress): HealthCheck {
  return { ok: position !== null && lagSeconds <= LAG_SECONDS_MAX, position, lagSeconds };
}

function chain({ chain: { number, finalizedNumber }, chainHead, lagBlocks }: ChainProgress): HealthCheck {
  return {
    ok: number !== null && (lagBlocks ?? 0) <= LAG_BLOCKS_MAX,
    chainHead,
    indexedBlock: number,
    finalizedBlock: finalizedNumber,
  };
}

async function check(name: string, run: () => Promise<HealthCheck>): Promise<[string, HealthCheck]> {
  try {
    return [name, await within(CHECK_WITHIN_MS, `the check of ${name}`, run())];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return [name, { ok: false, error: typeof code === 'string' ? code : 'UNREACHABLE' }];
  }
}
