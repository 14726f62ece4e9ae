import { randomUUID } from 'node:crypto';
import { type Logger, systemTiming, within } from '@abland/kernel';
import type pg from 'pg';
import { type PartDetail, writeDetail } from './part-details.js';
import { type Pulse, TOLD_MS_MAX } from './pulse.js';
import { forgetOldPulses, removePulses, writePulses } from './pulse-rows.js';

export interface PulsesOptions {
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Of every part that the program has, as it is now. */
  readonly parts: () => readonly Pulse[];
  /** What there is to tell beyond it; it is told where it changed, and not as often. Default: nothing. */
  readonly details?: () => readonly PartDetail[];
  /** Milliseconds between two of them. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1_000;
/** So many pulses to a telling of details. */
const PULSES_TO_DETAILS = 3;
/** Later than this, nobody cares for it any more. */
const TOLD_WITHIN_MS = 4_000;

export interface Pulses {
  /** Whether others hear of this program: whether the database has answered it of late. */
  areHeard(): boolean;
  /** Since when they were not told, for whoever asks the program itself. */
  told(): { readonly toldSeconds: number };
  stop(): Promise<void>;
}

/** What was told of a detail last. */
interface Marks {
  readonly mark: string;
  readonly urgent: string | undefined;
}

const isUrgent = ({ urgent }: PartDetail, before?: Marks): boolean =>
  before !== undefined && before.urgent !== urgent;
const isNew = ({ mark }: PartDetail, before?: Marks): boolean => before?.mark !== mark;

/**
 * Tells every second, for all other programs, how the parts of this one are, until it is stopped. Who does not tell any
 * more stands, or is gone; who cannot reach the database is as good as gone.
 */
export function startPulses({
  details = () => [],
  intervalMs = INTERVAL_MS,
  logger,
  parts,
  pool,
}: PulsesOptions): Pulses {
  let toldAt = systemTiming.now();
  const ending = new AbortController();
  const instance = randomUUID();
  const reach = async (what: string, work: Promise<void>): Promise<void> => {
    try {
      await within(TOLD_WITHIN_MS, what, work);
    } catch (error) {
      logger.debug({ err: error, what }, 'how the parts are could not be told');
    }
  };
  const marks = new Map<string, Marks>();
  const tellChanged = async (isToBeTold: (detail: PartDetail, before?: Marks) => boolean): Promise<void> => {
    for (const detail of details()) {
      if (!isToBeTold(detail, marks.get(detail.part))) continue;
      await writeDetail(pool, instance, detail);
      marks.set(detail.part, { mark: detail.mark, urgent: detail.urgent });
    }
  };
  const tell = async (pulses: readonly Pulse[]): Promise<void> => {
    await writePulses(pool, instance, pulses);
    toldAt = systemTiming.now();
  };
  const run = async (): Promise<void> => {
    await reach('forgetting old pulses', forgetOldPulses(pool));
    for (let beat = 0; !ending.signal.aborted; beat += 1) {
      // Whoever reads of a failure finds what is told of it.
      const pulses = parts();
      await reach('telling what is urgent', tellChanged(isUrgent));
      await reach('telling pulses', tell(pulses));
      if (beat % PULSES_TO_DETAILS === 0) await reach('telling details', tellChanged(isNew));
      await systemTiming.pause(intervalMs, ending.signal);
    }
    await reach('removing pulses', removePulses(pool, instance));
  };
  const running = run();
  const toldAgeMs = (): number => systemTiming.now() - toldAt;
  return {
    areHeard: () => toldAgeMs() <= TOLD_MS_MAX,
    told: () => ({ toldSeconds: Math.round(toldAgeMs()) / 1_000 }),
    async stop() {
      ending.abort();
      await running;
    },
  };
}
