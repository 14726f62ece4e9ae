import {
  beatingPause,
  type Clock,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
} from '@abland/kernel';
import { type HeldLease, postgresFailureClassOf, takeLease } from '@abland/postgres';
import type { Projection } from '../engine/projection.js';
import { liveBuilds } from './live-states.js';
import { newestRecorded, type RecordingPorts, recordStates } from './record-states.js';

export interface StateRecorderOptions extends Omit<RecordingPorts, 'actor'> {
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks at what is live. */
  readonly lookEveryMs?: number;
  /** Milliseconds after which one that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
}

const NAME = 'state-checksums';
const LOOP = 'look';
const LOOK_EVERY_MS = 10_000;
const DAY_MS = 86_400_000;

/**
 * Records in the log what the live tables of each projection are: once a day (UTC), and whenever other tables became live. Where no other
 * instance does.
 */
export function startStateRecorder(options: StateRecorderOptions): Supervised {
  const { logger, lookEveryMs = LOOK_EVERY_MS, pool, standbyIntervalMs } = options;
  const run = async (leading: PartRun<HeldLease>): Promise<void> => {
    const recorder = new StateRecorder(options);
    while (!leading.signal.aborted) {
      await recorder.look();
      leading.progress();
      await beatingPause(lookEveryMs, LOOP, leading);
    }
  };
  return supervise<HeldLease>(
    { name: NAME, lead: () => takeLease({ name: NAME, pool, logger }), run },
    {
      logger,
      classify: postgresFailureClassOf,
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
}

/** What is known of the tables that were recorded last, or, before that, were live at first. */
interface Known {
  readonly build: number;
  /** Days since the epoch. */
  readonly day: number;
}

class StateRecorder {
  private readonly known = new Map<string, Known>();

  constructor(private readonly options: StateRecorderOptions) {}

  async look(): Promise<void> {
    const { pool, projections, store } = this.options;
    if (!(await isPrepared(pool))) return;
    const due: Projection[] = [];
    for (const [projection, { id }] of await liveBuilds(pool, projections))
      if (await this.isDue(projection.name, id)) due.push(projection);
    if (due.length === 0) return;
    const recorded = await recordStates({ pool, store, actor: `process:${NAME}` }, due);
    for (const { build, projection } of recorded) this.known.set(projection, { build, day: this.today });
  }

  private async isDue(projection: string, build: number): Promise<boolean> {
    const known = this.known.get(projection) ?? (await this.recordedOf(projection));
    // Tables that are live since the first start were promoted by nobody: the next day has them.
    this.known.set(projection, known ?? { build, day: this.today });
    return known !== null && (known.build !== build || known.day !== this.today);
  }

  private async recordedOf(projection: string): Promise<Known | null> {
    const last = await newestRecorded(this.options.store, projection);
    return last === null ? null : { build: last.data.build, day: dayOf(Date.parse(last.recordedAt)) };
  }

  private get today(): number {
    return dayOf(this.options.clock());
  }
}

/** A program that writes read models makes their tables at its start: it may come later. */
async function isPrepared(pool: StateRecorderOptions['pool']): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(
    `SELECT to_regclass('projections.builds') IS NOT NULL AS there`,
  );
  return rows[0]?.there === true;
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);
