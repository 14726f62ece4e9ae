import { codeOf, type EventStore, within } from '@abland/kernel';
import type { PersonalDataCipher } from '@abland/personal-data';
import { notYetLiveProjections } from '@abland/projections';
import type pg from 'pg';
import type { ChainLag, LogLag, LagReader } from './lag.js';
import { readableModels } from './readable-models.js';
import { isDispensable, type Stage } from '../stages/stage.js';
import type { StageWatch } from '../stages/stage-watch.js';

export interface HealthCheck {
  readonly ok: boolean;
  /** It answers, and something of it is known to be wrong. Absent: nothing is. */
  readonly degraded?: boolean;
  /** Milliseconds from the question to the answer, or to giving it up. Told of each. */
  readonly answeredMs?: number;
  readonly [detail: string]: unknown;
}

export interface ReadinessAnswer {
  readonly ready: boolean;
  /** Ready, and somebody should look: what is known to be wrong is told beside each answer. */
  readonly degraded: boolean;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

export interface ReadinessPorts {
  readonly pool: pg.Pool;
  /** Of queries. */
  readonly readPool: pg.Pool;
  readonly log: EventStore;
  readonly progress: LagReader;
  readonly stages: StageWatch;
  readonly personalData: Pick<PersonalDataCipher, 'requireKeys'>;
  readonly chainIds: readonly number[];
  /** What whoever runs the API knows beside it, by name. */
  readonly others: HealthChecks;
}

export type HealthChecks = Readonly<Record<string, () => Promise<HealthCheck>>>;

/** Further behind than this, answers would mislead. */
const LAG_SECONDS_MAX = 30;
const LAG_BLOCKS_MAX = 100;
const CHECK_WITHIN_MS = 3_000;
/** Without them what they are needed for is refused, and all else is answered. */
const DISPENSABLE: ReadonlySet<string> = new Set(['personalKeys']);

/** Whether this process can answer rightly now: each part is asked, none is assumed. */
export class Readiness {
  /** Whoever probes while a check has no answer yet waits for that one: probes never use up the pool. */
  private readonly inHand = new Map<string, Promise<HealthCheck>>();
  private readonly checks: HealthChecks;
  private readonly chainIds: readonly number[];

  constructor(ports: ReadinessPorts) {
    const { pool, readPool, log, progress, stages, personalData, chainIds, others } = ports;
    this.chainIds = chainIds;
    this.checks = {
      database: () => database(pool),
      store: async () => ({ ok: true, head: await log.head() }),
      readModels: () => readableModels(readPool),
      projections: async () => projections(await progress.ofLog(), await notYetLiveProjections(pool)),
      stages: async () => stagesCheck(await stages.stages()),
      personalKeys: () => personalData.requireKeys().then(() => ({ ok: true })),
      ...Object.fromEntries(
        chainIds.map((id) => [`chain-${id}`, async () => chain(await progress.ofChain(id))]),
      ),
      ...others,
    };
  }

  async check(): Promise<ReadinessAnswer> {
    const entries = await Promise.all(Object.keys(this.checks).map((name) => this.entry(name)));
    const checks = Object.fromEntries(entries);
    const degraded = entries.some(([, check]) => check.degraded === true);
    return { ready: isReady(checks, this.chainIds), degraded, checks };
  }

  private async entry(name: string): Promise<[string, HealthCheck]> {
    const begun = performance.now();
    const timed = (check: HealthCheck): [string, HealthCheck] => [
      name,
      { ...check, answeredMs: Math.round(performance.now() - begun) },
    ];
    try {
      return timed(await within(CHECK_WITHIN_MS, `the check of ${name}`, this.answer(name)));
    } catch (error) {
      const failed = DISPENSABLE.has(name) ? { ok: true, degraded: true } : { ok: false };
      return timed({ ...failed, error: codeOf(error) });
    }
  }

  private answer(name: string): Promise<HealthCheck> {
    const known = this.inHand.get(name);
    if (known !== undefined) return known;
    const run = this.checks[name] ?? (() => Promise.resolve({ ok: false }));
    const answer = run().finally(() => this.inHand.delete(name));
    this.inHand.set(name, answer);
    return answer;
  }
}

/** Where several chains are served, one that is in trouble stands alone: whoever asks of another is answered rightly. */
function isReady(checks: Readonly<Record<string, HealthCheck>>, chainIds: readonly number[]): boolean {
  const isOk = (name: string): boolean => checks[name]?.ok === true;
  if (chainIds.length === 1) return Object.keys(checks).every(isOk);
  const chains = chainIds.map((id) => `chain-${id}`);
  const stages = checks['stages']?.['troubled'];
  // What the stages say is not known where they were not asked with success.
  if (!Array.isArray(stages) || stages.includes(null)) return false;
  const shared = Object.keys(checks).filter((name) => name !== 'stages' && !chains.includes(name));
  return shared.every(isOk) && chainIds.some((id) => isOk(`chain-${id}`) && !stages.includes(id));
}

async function database(pool: pg.Pool): Promise<HealthCheck> {
  const { rows } = await pool.query<{ mode: string }>(
    `SELECT current_setting('transaction_read_only') AS mode`,
  );
  // A primary that is being switched over, say: it answers, and takes nothing.
  const readOnly = rows[0]?.mode === 'on';
  return readOnly ? { ok: false, error: 'READ_ONLY' } : { ok: true };
}

function projections({ lagSeconds, position }: LogLag, notYet: readonly string[]): HealthCheck {
  if (notYet.length > 0) return { ok: false, error: 'READ_MODEL_NOT_YET', notYet, position, lagSeconds };
  return { ok: position !== null && lagSeconds <= LAG_SECONDS_MAX, position, lagSeconds };
}

function chain({
  chain: { number, finalizedNumber },
  chainHead,
  contactSeconds,
  drifts,
  lagBlocks,
}: ChainLag): HealthCheck {
  return {
    ok: number !== null && (lagBlocks ?? 0) <= LAG_BLOCKS_MAX,
    chainHead,
    contactSeconds,
    indexedBlock: number,
    finalizedBlock: finalizedNumber,
    ...(drifts === null || drifts === 0 ? {} : { degraded: true, drifts }),
  };
}

function stagesCheck(stages: readonly Stage[]): HealthCheck {
  const notRunning = stages.filter(({ state }) => state !== 'RUNNING');
  const troubled = notRunning.filter((stage) => !isDispensable(stage));
  const hindered = notRunning.filter(isDispensable).map(({ name }) => name);
  return {
    ok: troubled.length === 0,
    /** Chains whose stages are in trouble; null for what works for all of them. */
    troubled: [...new Set(troubled.map(({ chainId }) => chainId))],
    ...(hindered.length === 0 ? {} : { degraded: true, hindered }),
    // A program that runs tells of all its stages.
    missing: [...new Set(stages.map(({ program }) => program))].filter((program) =>
      stages.every((stage) => stage.program !== program || stage.state === 'ABSENT'),
    ),
    ...Object.fromEntries(stages.map(({ name, program: _, ...stage }) => [name, stage])),
  };
}
