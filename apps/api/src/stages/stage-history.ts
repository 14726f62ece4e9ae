import { isBehind, type SeenStage } from './stage.js';

/** How a stage was at one moment. */
export interface StageSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Blocks or positions that it had yet to handle; null where that was not known. */
  readonly behind: number | null;
  /** Blocks or positions a second since the sample before. */
  readonly perSecond: number;
}

/** How fast a stage is, and for how long it has been behind. */
export interface Pace {
  readonly perSecond: number;
  readonly behindSeconds: number;
}

const KEPT_MS = 60 * 60 * 1_000;
const SAMPLE_EVERY_MS = 10_000;
/** A rate is of so long a time: shorter, it would leap. */
const RATE_OVER_MS = 5_000;

interface Seen {
  readonly at: number;
  readonly reached: bigint | null;
}

interface Kept {
  /** Looks of the last moments, oldest first. */
  looks: Seen[];
  /** The look that the newest sample was made of. */
  sampled: Seen;
  /** With when each was taken, monotonic: by it they are let go, whatever becomes of the date. */
  readonly samples: (readonly [at: number, sample: StageSample])[];
  /** When it had handled everything last. */
  levelAt: number;
}

/** What every stage did in the last hour, as far as this process saw it. Times are given: monotonic ones for pace, dates for samples. */
export class StageHistory {
  private readonly kept = new Map<string, Kept>();

  /** @param at monotonic; @param date epoch milliseconds of the same moment */
  note(stage: SeenStage, at: number, date: number): void {
    const look = { at, reached: stage.reached };
    const kept = this.kept.get(stage.name) ?? { looks: [], sampled: look, samples: [], levelAt: at };
    this.kept.set(stage.name, kept);
    kept.looks = [...kept.looks.filter((one) => at - one.at <= RATE_OVER_MS), look];
    if (!isBehind(stage)) kept.levelAt = at;
    const isDue = kept.samples.length === 0 || at - kept.sampled.at >= SAMPLE_EVERY_MS;
    if (!isDue) return;
    const perSecond = rateOf(kept.sampled, look);
    kept.samples.push([at, { at: date, behind: behindOf(stage), perSecond }]);
    kept.sampled = look;
    while ((kept.samples[0]?.[0] ?? at) < at - KEPT_MS) kept.samples.shift();
  }

  /** @param now monotonic */
  paceOf(name: string, now: number): Pace {
    const kept = this.kept.get(name);
    const [first, last] = [kept?.looks[0], kept?.looks.at(-1)];
    if (kept === undefined || first === undefined || last === undefined)
      return { perSecond: 0, behindSeconds: 0 };
    const level = kept.levelAt >= last.at;
    return {
      perSecond: rateOf(first, last),
      behindSeconds: level ? 0 : Math.round(now - kept.levelAt) / 1000,
    };
  }

  /** Oldest first. */
  samplesOf(name: string): readonly StageSample[] {
    return (this.kept.get(name)?.samples ?? []).map(([, sample]) => sample);
  }

  /** What is not among these is forgotten. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.kept.keys()) if (!names.has(name)) this.kept.delete(name);
  }
}

export const behindOf = ({ end, reached }: Pick<SeenStage, 'end' | 'reached'>): number | null => {
  if (end === null) return null;
  const behind = end - (reached ?? 0n);
  return behind > 0n ? Number(behind) : 0;
};

/** Never negative: what was built anew, or taken back by a reorg, stands further back. */
function rateOf(before: Seen, after: Seen): number {
  const ms = after.at - before.at;
  if (before.reached === null || after.reached === null || ms <= 0) return 0;
  const moved = Number(after.reached - before.reached);
  return moved <= 0 ? 0 : Math.round((moved * 10_000) / ms) / 10;
}
