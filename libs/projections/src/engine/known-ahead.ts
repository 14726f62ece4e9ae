import type { AnyEvent } from '@abland/domain';
import type { EventStore, Position, RecordedEvent } from '@abland/kernel';
import { chainIdOf } from './chain-facts.js';
import type { BlockPlace } from './journal.js';

/** Events that say what becomes of blocks. */
const TYPES = ['BlocksReverted', 'BlocksFinalized'];

interface Revert {
  readonly position: Position;
  readonly fromNumber: number;
  /** The oldest block that this one or a later one takes back. */
  lowest: number;
  /** Whether its blocks are left out; null as long as none of them was met. */
  leftOut: boolean | null;
}

/** Of one chain. */
interface Fate {
  /** Where blocks are taken back, in order. */
  readonly reverts: Revert[];
  /** The newest block that is final at the horizon. */
  final: number;
  /** The first of the reverts that comes after the position that was asked for last: positions are asked for in their order. */
  next: number;
}

/**
 * What the log says of its chains' blocks up to a horizon, known before the events until there are folded: what is taken back by
 * then, and so long ago that nobody reads the states with it, need not be folded at all, and what is final by then need not be undoable.
 */
export class KnownAhead {
  private readonly fates = new Map<number, Fate>();

  private constructor(readonly horizon: Position) {}

  /** Reads the events after a position (null: all), up to the horizon, that say it. */
  static async read(store: EventStore, after: Position | null, horizon: Position): Promise<KnownAhead> {
    const known = new KnownAhead(horizon);
    const range = { ...(after === null ? {} : { after }), until: horizon };
    for await (const page of store.readAll({ ...range, filter: { types: TYPES } }))
      for (const event of page) known.note(event);
    for (const { reverts } of known.fates.values()) noteLowest(reverts);
    return known;
  }

  /**
   * Whether a block's event at a position is taken back until the horizon, and to be left out: all blocks that are taken back
   * together are, where the first of them is `old`.
   */
  isLeftOut({ chainId, number }: BlockPlace, position: Position, old: boolean): boolean {
    if (number < this.lowestTakenBack(chainId, position)) return false;
    const takesBack = (this.fates.get(chainId)?.reverts ?? []).filter(
      (revert) => revert.position > position && revert.fromNumber <= number,
    );
    const [first, ...others] = takesBack;
    if (first === undefined) return false;
    // What a block is built on decides for it.
    const decided = others.map(({ leftOut }) => leftOut).filter((leftOut) => leftOut !== null);
    first.leftOut ??= decided.length === 0 ? old : decided.includes(true);
    return takesBack.some(({ leftOut }) => leftOut === true);
  }

  /** Whether the blocks that are taken back at a position were left out; null where none of them was met, or it is not known. */
  leftOutBefore(chainId: number, position: Position): boolean | null {
    const reverts = this.fates.get(chainId)?.reverts ?? [];
    return reverts.find((revert) => revert.position === position)?.leftOut ?? null;
  }

  /** The oldest block of a chain that is taken back after a position and until the horizon; Infinity: none is. */
  lowestTakenBack(chainId: number, position: Position): number {
    const fate = this.fates.get(chainId);
    if (fate === undefined) return Infinity;
    const { reverts } = fate;
    const isAfter = (index: number): boolean => (reverts[index]?.position ?? 0n) > position;
    while (fate.next > 0 && isAfter(fate.next - 1)) fate.next -= 1;
    while (fate.next < reverts.length && !isAfter(fate.next)) fate.next += 1;
    return reverts[fate.next]?.lowest ?? Infinity;
  }

  /** Whether a block, told at a position, stays until the horizon and is final there. */
  isFinal({ chainId, number }: BlockPlace, position: Position): boolean {
    return (
      number <= (this.fates.get(chainId)?.final ?? -1) && number < this.lowestTakenBack(chainId, position)
    );
  }

  private note(event: RecordedEvent): void {
    const chainId = chainIdOf(event);
    const fate = this.fates.get(chainId) ?? { reverts: [], final: -1, next: 0 };
    this.fates.set(chainId, fate);
    const told = event as RecordedEvent & Extract<AnyEvent, { type: 'BlocksReverted' | 'BlocksFinalized' }>;
    if (told.type === 'BlocksFinalized') fate.final = Math.max(fate.final, told.data.number);
    else {
      const { fromNumber } = told.data;
      fate.reverts.push({ position: event.position, fromNumber, lowest: fromNumber, leftOut: null });
      // Where an operator accepted another branch, also what was final is taken back.
      fate.final = Math.min(fate.final, fromNumber - 1);
    }
  }
}

function noteLowest(reverts: Fate['reverts']): void {
  let lowest = Infinity;
  for (const revert of reverts.toReversed()) {
    lowest = Math.min(lowest, revert.fromNumber);
    revert.lowest = lowest;
  }
}
