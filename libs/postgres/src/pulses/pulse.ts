import type { PartState, PartStatus } from '@abland/kernel';

/** What a program tells of one of its parts. Ages in milliseconds. */
export interface Pulse {
  /** Never changes: `projections`, `ingester-31337`. */
  readonly part: string;
  readonly state: PartState;
  /** Code of what interrupts it, `PART_STANDS` where it does not get on for no reason that is known; null while nothing does. */
  readonly failure: string | null;
  /** Since it last handled something: it grows while nothing comes. Null before the first. */
  readonly handledAgeMs: number | null;
  /** Since what it follows outside of the database last answered it; null before the first answer, and where there is no such thing. */
  readonly contactAgeMs: number | null;
  /** How far it is: a position of the log, or a block's number. Null where that is not known, or told elsewhere. */
  readonly reached: bigint | null;
  /** How far what it follows outside of the database is: a block's number. Null as `contactAgeMs` is. */
  readonly head: bigint | null;
}

/** Milliseconds after which a pulse says nothing of now; some may come late, or be lost. */
export const TOLD_MS_MAX = 5_000;
/** Told as the failure of a part that stands though nothing failed. */
export const PART_STANDS = 'PART_STANDS';
/** Told of an indexer that gets on, and whose chain does not: the providers answer, and bring no block for too long. */
export const CHAIN_STANDS = 'CHAIN_STANDS';
/** Of what stands, and of nothing that fails. */
export const STANDING: ReadonlySet<string | null> = new Set([PART_STANDS, CHAIN_STANDS]);

/** The pulse of a part that tells no more than its status. */
export function pulseOf(
  status: PartStatus,
  more: Partial<Pick<Pulse, 'part' | 'contactAgeMs' | 'reached' | 'head'>> = {},
): Pulse {
  const { name, progressAgeMs, state, standsAt } = status;
  const failure = status.failure?.code ?? (standsAt === null ? null : PART_STANDS);
  return {
    ...{ part: name, state, failure, handledAgeMs: progressAgeMs },
    ...{ contactAgeMs: null, reached: null, head: null },
    ...more,
  };
}
