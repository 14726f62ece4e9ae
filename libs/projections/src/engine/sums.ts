import type { Position } from '@abland/kernel';
import type { AnyTable, RowOf } from './table.js';
import type { AnyRow } from './values.js';

/**
 * One side of an equation that holds after each event: a sum over the rows of a table, by what they are of (a token, a pool). The other
 * side is a sum of the same projection, or of one that follows the log beside it.
 */
export interface Sum {
  /** What holds, as operators read it; of both sides. */
  readonly invariant: string;
  /** The parts, or what they must add up to. */
  readonly side: 'PARTS' | 'WHOLE';
  readonly table: AnyTable;
  readonly of: (row: AnyRow, add: Add) => void;
}

export type Add = (subject: string, amount: bigint) => void;

/** A sum over a table's rows, which are of its type. */
export const sumOf = <T extends AnyTable>(
  invariant: string,
  side: Sum['side'],
  table: T,
  of: (row: RowOf<T>, add: Add) => void,
): Sum => ({ invariant, side, table, of: of as Sum['of'] });

/** A token or a pool of a chain. */
export const subjectOf = (chainId: number, addressOrId: string): string => `${chainId}:${addressOrId}`;

/** What does not add up, or is below zero, of what was folded. */
export interface Violation {
  readonly invariant: string;
  readonly subject: string;
  /** By how much the parts are more than the whole. */
  readonly offBy: bigint;
}

/** Called with each row that changed, as it was and as it is; null: there is none. */
export type RowMoved = (before: AnyRow | null, after: AnyRow | null) => void;

/** By how much the two sides of each equation moved apart since it was asked last: parts less whole, by subject. */
export class Sums {
  private apart = new Map<string, Map<string, bigint>>();

  constructor(private readonly sums: readonly Sum[]) {}

  /** Null for a table that is in none. */
  over(table: AnyTable): RowMoved | null {
    const ofTable = this.sums.filter((sum) => sum.table === table);
    if (ofTable.length === 0) return null;
    return (before, after) => {
      for (const { invariant, of, side } of ofTable) {
        const sign = side === 'PARTS' ? 1n : -1n;
        if (after !== null) of(after, (subject, amount) => this.move(invariant, subject, sign * amount));
        if (before !== null) of(before, (subject, amount) => this.move(invariant, subject, -sign * amount));
      }
    };
  }

  /** The sides of an equation that are summed up here. */
  sidesOf(invariant: string): readonly Sum['side'][] {
    return this.sums.filter((sum) => sum.invariant === invariant).map(({ side }) => side);
  }

  get invariants(): ReadonlySet<string> {
    return new Set(this.sums.map(({ invariant }) => invariant));
  }

  /** By invariant and subject; from now on nothing is apart. */
  take(): ReadonlyMap<string, ReadonlyMap<string, bigint>> {
    const { apart } = this;
    this.apart = new Map();
    return apart;
  }

  private move(invariant: string, subject: string, amount: bigint): void {
    const bySubject = this.apart.get(invariant) ?? new Map<string, bigint>();
    this.apart.set(invariant, bySubject);
    bySubject.set(subject, (bySubject.get(subject) ?? 0n) + amount);
  }
}

/** A run, as far as what it sums up goes. */
export interface Summing {
  readonly sums: Sums;
  readonly position: Position | null;
  /** Where its sums began. */
  readonly storedPosition: Position | null;
}

/**
 * Of runs that are about to be stored, what does not add up of what they changed, told of the one that has the whole. An equation of which
 * the sides are two runs' is looked at where both handled the same events.
 */
export function takeViolations<Run extends Summing>(
  runs: readonly Run[],
): ReadonlyMap<Run, readonly Violation[]> {
  const taken = runs.map((run) => ({ run, apart: run.sums.take() }));
  const found = new Map<Run, Violation[]>();
  for (const invariant of new Set(runs.flatMap(({ sums }) => [...sums.invariants]))) {
    const sides = taken.filter(({ run }) => run.sums.sidesOf(invariant).length > 0);
    const whole = sides.find(({ run }) => run.sums.sidesOf(invariant).includes('WHOLE'));
    if (whole === undefined || !areBothSides(sides, invariant)) continue;
    const total = new Map<string, bigint>();
    for (const { apart } of sides)
      for (const [subject, amount] of apart.get(invariant) ?? [])
        total.set(subject, (total.get(subject) ?? 0n) + amount);
    const violations = found.get(whole.run) ?? [];
    for (const [subject, offBy] of total) if (offBy !== 0n) violations.push({ invariant, subject, offBy });
    found.set(whole.run, violations);
  }
  return found;
}

/** Each side once, over the same events. */
function areBothSides(sides: readonly { readonly run: Summing }[], invariant: string): boolean {
  const there = sides.flatMap(({ run }) => run.sums.sidesOf(invariant));
  const [first] = sides;
  const isAlike = ({ run }: { readonly run: Summing }): boolean =>
    run.position === first?.run.position && run.storedPosition === first?.run.storedPosition;
  return there.length === 2 && there.includes('PARTS') && sides.every(isAlike);
}

/** For operators, on one line. */
export const violationText = ({ invariant, offBy, subject }: Violation): string =>
  offBy === 0n ? `${invariant}: ${subject}` : `${invariant}: ${subject} is off by ${offBy}`;
